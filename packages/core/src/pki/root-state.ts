// The life of one root. It is trusted before it signs and after: who verifies must have it before anything below it is met, and
// keep it for as long as something below it is valid. One root signs at a time.
import { stateMachine } from '../state-machine.ts';

export const rootStates = ['announced', 'active', 'replaced', 'withdrawn'] as const;
export type RootState = (typeof rootStates)[number];

/** What can happen: it begins to sign, or signs again; another one signs in its place; it is no longer trusted. */
export const rootEvents = ['activate', 'replace', 'withdraw'] as const;
export type RootEvent = (typeof rootEvents)[number];

export const rootMachine = stateMachine({
  subject: 'root',
  states: rootStates,
  events: rootEvents,
  words: {
    activate: 'be activated',
    replace: 'be replaced',
    withdraw: 'be withdrawn',
  },
  beginnings: [
    { state: 'active', how: 'the first' },
    { state: 'announced', how: 'every later one' },
  ],
  transitions: {
    announced: { activate: 'active', withdraw: 'withdrawn' },
    active: { replace: 'replaced' },
    // Going back to it is how an activation that turned out wrong is mended.
    replaced: { activate: 'active', withdraw: 'withdrawn' },
    withdrawn: {},
  },
});

/** In which people are told to trust it. */
export const trustedRootStates: readonly RootState[] = rootStates.filter((state) => state !== 'withdrawn');
export const isTrustedRoot = (state: string): boolean => trustedRootStates.some((trusted) => trusted === state);

/** In which CAs below it may sign: none below one that is announced does before it is activated. */
export const signingRootStates: readonly RootState[] = ['active', 'replaced'];
