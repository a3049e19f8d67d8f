// A door is a process that answers HTTP: the portal with its APIs, a protocol's server. What all of them owe whoever asks
// is here: a trace id, a problem document for whatever goes wrong, and one line in the log about it.
import { causeChain, type HostmasterError } from '@hostmaster/core/errors';
import type { Ctx, Log } from '@hostmaster/usecases/context';
import type { InTurn } from './in-turn.ts';
import { asOwnError } from './own-error.ts';
import { problemResponse } from './problem.ts';
import { traceIdOf } from './trace-id.ts';

/** What a door brings along. */
export type Door = Pick<Ctx, 'db' | 'clock'> & {
  readonly log: DoorLog;
  /** Origin of the portal, where errors are documented. */
  readonly publicUrl: string;
  /** What one actor may ask for in a minute, at all doors together. */
  readonly requestsPerMinute: { readonly person: number; readonly service: number };
  /** Everything that an actor asks for goes through here. */
  readonly inTurn: InTurn;
};

type DoorLog = Pick<Log, 'warn' | 'error'> & { debug(fields: object, message: string): void };

/** One request on its way to an answer. */
export type Exchange = {
  readonly traceId: string;
  /** Of the answer, or of the problem document where it comes to that; filled as the work goes on. */
  readonly headers: Headers;
  /** Whether a part of the answer may turn out otherwise at another try: the Idempotency-Key is then free for it. */
  unfinished: boolean;
};

export const openExchange = (request: { readonly headers: Headers }): Exchange => ({
  traceId: traceIdOf(request.headers),
  headers: new Headers(),
  unfinished: false,
});

/** The answer that `work` makes, or the problem document of what it throws, logged here and nowhere else. Never throws. */
export async function answer(request: Request, door: Door, work: (exchange: Exchange) => Promise<Response>): Promise<Response> {
  const exchange = openExchange(request);
  try {
    const response = await work(exchange);
    const headers = new Headers(response.headers);
    if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store');
    headers.set('Trace-Id', exchange.traceId);
    for (const [name, value] of exchange.headers) headers.set(name, value);
    return new Response(response.body, { status: response.status, headers });
  } catch (thrown) {
    const error = asOwnError(thrown);
    logError(door, error, exchange.traceId, `${request.method} ${new URL(request.url).pathname.slice(0, 200)}`);
    return problemResponse(error, exchange, door);
  }
}

/** What the caller is told is not enough for us: the causes, under the same trace id. Errors of the caller are no news. */
export function logError({ log }: Pick<Door, 'log'>, error: HostmasterError, traceId: string, where: string): void {
  const line = { traceId, where, code: error.code, causes: causeChain(error) };
  if (error.code === 'internal') log.error({ ...line, err: error.cause ?? error }, error.message);
  else if (error.kind.status >= 500) log.warn(line, error.message);
  else log.debug(line, error.message);
}
