// A harness whose requests are reconciled: the demo organisation, a worker without queue and process, and an outside that
// answers as the test says. Real Postgres, and time that moves by looking alone.
import { randomBytes } from 'node:crypto';
import { defaultBackoff } from '@hostmaster/core/operation/backoff';
import type { WorkerCtx } from '../context.ts';
import { prepareInstallation } from '../installation/prepare.ts';
import { seedDemo } from '../installation/seed-demo.ts';
import { type Demo, demoOn, zoneApex } from './demo.ts';
import { createHarness, type Harness } from './harness.ts';
import { createOutside, type Outside } from './outside.ts';
import { workerCtxOn } from './worker-ctx.ts';

export type Reconciling = Omit<Harness, 'worker'> &
  Demo &
  Pick<Outside, 'heldAt' | 'writeByHand' | 'servedSerial' | 'serverSays' | 'edgeStands' | 'destination' | 'trusted'> & {
    readonly worker: WorkerCtx;
    /** The second name server of the zone answers nothing, so that work waits in `records-verified`. */
    secondStands(): void;
    /** It answers again. */
    secondAnswers(): void;
    /** Whatever waits for its next try tries now. */
    runLater(): Promise<void>;
  };

/** Call in `beforeAll`, and `close` in `afterAll`. */
export async function createReconciling(): Promise<Reconciling> {
  const harness = await createHarness();
  const { db, clock, ctxFor } = harness;
  const outside = createOutside(zoneApex, clock);
  const worker = await workerCtxOn(harness.worker.db, clock, { publicUrl: 'http://127.0.0.1:3000' }, outside);
  await prepareInstallation(worker);
  const tsig = { name: 'hostmaster', algorithm: 'hmac-sha256' as const, secret: randomBytes(32).toString('base64') };
  const [first, second] = ['127.0.0.53', '127.0.0.54'].map((address, index) => ({ name: `ns${index + 1}`, address, port: 53 }));
  if (first === undefined || second === undefined) throw new TypeError('unreachable: two servers');
  await seedDemo({ ...worker, db, sealer: worker.keyStore }, { zone: zoneApex, nameserver: first, edgePort: 443, tsig });
  await db.zone.updateMany({ data: { servers: [first, second] } });
  const demo = demoOn(db, worker, ctxFor);
  await demo.runDue();
  return {
    ...harness,
    ...demo,
    ...outside,
    worker,
    secondStands: () => outside.serverSays(second.name, 'REFUSED'),
    secondAnswers: () => outside.serverSays(second.name, null),
    runLater: async () => {
      clock.advance(defaultBackoff.longest * 1000);
      await demo.runDue();
    },
  };
}
