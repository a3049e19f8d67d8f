// What somebody who is signed in was refused is written down at the doors, once, whichever door it was.
import { HostmasterError } from '@hostmaster/core/errors';
import { type Action, type Actor, authorizeAtDoor } from '@hostmaster/core/policy/authorize';
import { isRefusal, noteAccessRefusal } from '@hostmaster/usecases/audit/note-access';
import { z } from 'zod';
import type { RequestContext } from './trpc/init.ts';
import { clientOf, usecaseContext } from './usecase-context.ts';

type Asked = {
  readonly actor: Actor;
  readonly procedure: string;
  /** As it came: what it was about is read from it, where that can be read. */
  readonly input?: unknown;
};

const named = z.object({ contract: z.object({ hostname: z.string().max(253) }) });

/** Writes down a refusal; whoever is refused is told so in any case, also where it cannot be written down. */
export async function noted(context: RequestContext, { actor, procedure, input }: Asked, error: HostmasterError): Promise<void> {
  if (!isRefusal(error)) return;
  const { door, parts } = context;
  const hostname = named.safeParse(input).data?.contract.hostname ?? null;
  try {
    await noteAccessRefusal(usecaseContext(parts, actor, clientOf(context)), { procedure, hostname }, error);
  } catch (thrown) {
    door.log.warn({ err: thrown, procedure }, 'A refusal could not be written down.');
  }
}

/** Errors: forbidden, which is written down. */
export async function admit(context: RequestContext, asked: Asked, action: Action): Promise<void> {
  try {
    authorizeAtDoor(asked.actor, action);
  } catch (error) {
    if (error instanceof HostmasterError) await noted(context, asked, error);
    throw error;
  }
}
