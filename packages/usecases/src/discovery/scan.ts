// Looks for certificates where somebody allowed it: some places of one scope, and the next time of the scope that waits for longest. What
// is on is read anew with every turn, so that what is not allowed any more is not looked at any more.
import { isWhere, type Place, placeAt, rangesOf } from '@hostmaster/core/discovery/places';
import { hour } from '@hostmaster/core/duration';
import type { ChainAnswer } from '@hostmaster/core/probe/prober';
import type { Tx } from '@hostmaster/db/client';
import { forgetElsewhere, noteLongGone } from '@hostmaster/db/sighting';
import { transact } from '@hostmaster/db/transaction';
import type { WorkerCtx } from '../context.ts';
import { type Asked, keepAnswer } from './keep.ts';

type ScanCtx = Pick<WorkerCtx, 'db' | 'clock' | 'prober' | 'random'>;

type Answer = Asked & { readonly answer: ChainAnswer };

/** Places of one turn, and connections at once. */
const turn = 32;
const atOnce = 8;
/** More addresses than a name sensibly has. */
const mostAddresses = 8;
const turnMilliseconds = 30_000;

/** @returns how many places were looked at; none where no look is due */
export async function scanNext(ctx: ScanCtx, stop: AbortSignal): Promise<number> {
  const now = ctx.clock.now();
  const scope = await ctx.db.discoveryScope.findFirst({
    where: { nextLookAt: { lte: now } },
    orderBy: [{ takenAt: { sort: 'asc', nulls: 'first' } }, { id: 'asc' }],
  });
  if (scope === null) return 0;
  const { id, version, position } = scope;
  const mine = { id, version, position };
  await ctx.db.discoveryScope.updateMany({ where: mine, data: { takenAt: now } });
  const found = Array.from({ length: turn }, (_, at) => placeAt(scope, position + at));
  const places = found.filter((place) => place !== null);
  const signal = AbortSignal.any([stop, AbortSignal.timeout(turnMilliseconds)]);
  const asked = (await Promise.all(places.map((place) => connectionsTo(ctx, place, signal)))).flat();
  const answers = await askAll(ctx, asked, rangesOf(scope), signal);
  // A worker that stops leaves its turn to another one.
  if (stop.aborted) return 0;
  await transact(ctx.db, async (tx) => {
    const met = metAt(places, asked, answers);
    const next = {
      position: position + places.length,
      answered: scope.answered + met.answered,
      silent: scope.silent + met.silent,
      nowhere: scope.nowhere + met.nowhere,
    };
    const ended = places.length < turn || placeAt(scope, next.position) === null;
    const data = ended ? over(next, scope.everyHours, now, ctx.random()) : next;
    // Whoever changed it, removed it or was quicker: what this turn saw was seen for nobody.
    const { count } = await tx.discoveryScope.updateMany({ where: mine, data });
    if (count === 0) return;
    for (const { answer, ...where } of answers) await keepAnswer(tx, { scopeId: id, ...where }, answer, now);
    if (!ended) return;
    await noteLongGone(tx as Tx, id, new Date(now.getTime() - 2 * scope.everyHours * hour), now);
    await forgetElsewhere(tx as Tx, id, (place) => isWhere(scope, place));
  });
  return places.length;
}

type Met = { readonly answered: number; readonly silent: number; readonly nowhere: number };

/** How many places presented a certificate, where nobody answered at all, and which names led to no address. */
function metAt(places: readonly Place[], asked: readonly Asked[], answers: readonly Answer[]): Met {
  const placesOf = (some: readonly { readonly place: Place }[]) => new Set(some.map(({ place }) => place));
  const tried = placesOf(asked);
  const answered = placesOf(answers.filter(({ answer }) => 'chain' in answer));
  const spoke = placesOf(answers.filter(({ answer }) => 'chain' in answer || answer.answered));
  return { answered: answered.size, silent: tried.size - spoke.size, nowhere: places.length - tried.size };
}

/** The next look begins within a tenth of its time of when it is due: scopes that began together do not stay together. */
const over = ({ position, answered, silent, nowhere }: Met & { position: number }, everyHours: number, now: Date, random: number) => ({
  ...{ position: 0, answered: 0, silent: 0, nowhere: 0 },
  ...{ lookedAt: now, lookedPlaces: position, lookedAnswered: answered, lookedSilent: silent, lookedNowhere: nowhere },
  nextLookAt: new Date(now.getTime() + everyHours * hour * (0.95 + random / 10)),
});

/** An address is asked without a name; a name at each of its addresses, with itself and without. */
async function connectionsTo({ prober }: ScanCtx, place: Place, signal: AbortSignal): Promise<Asked[]> {
  const { host, isName, port } = place;
  if (!isName) return [{ place, address: host, port, serverName: null }];
  const addresses = signal.aborted ? [] : await prober.resolve(host, signal).catch(() => []);
  return addresses.slice(0, mostAddresses).flatMap((address) => [host, null].map((serverName) => ({ place, address, port, serverName })));
}

async function askAll({ prober }: ScanCtx, asked: readonly Asked[], allowedRanges: readonly string[], signal: AbortSignal) {
  const waiting = [...asked];
  const answers: Answer[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift()) {
      const { address, port, serverName } = next;
      answers.push({ ...next, answer: await prober.readChain({ address, port, serverName, allowedRanges }, signal) });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return answers;
}
