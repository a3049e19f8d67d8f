// What goes wrong at the sign-in routes is mostly what somebody without an account sends there: a burst is told by its size,
// shortened and without a stack, so that nobody fills the log.
import { isTold } from '@hostmaster/core/audit/told-tries';
import type { Clock } from '@hostmaster/core/clock';
import { causeChain } from '@hostmaster/core/errors';
import type { Logger } from 'pino';

/** @param code in next-auth's words or ours, never in those of whoever asks */
export type SignInLog = (code: string, error?: unknown) => void;

const windowMilliseconds = 300_000;
const longest = 300;

export function createSignInLog(log: Pick<Logger, 'warn'>, clock: Clock): SignInLog {
  const windows = new Map<string, { readonly ends: number; tries: number }>();
  return (code, error) => {
    const now = clock.now().getTime();
    const last = windows.get(code);
    const window = last !== undefined && now < last.ends ? last : { ends: now + windowMilliseconds, tries: 0 };
    windows.set(code, window);
    window.tries += 1;
    if (!isTold(window.tries)) return;
    log.warn({ code, tries: window.tries, causes: causeChain(error).map((cause) => cause.slice(0, longest)) }, 'sign-in');
  };
}
