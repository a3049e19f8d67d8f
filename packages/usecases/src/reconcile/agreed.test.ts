// What was agreed is what is made: a plan whose contract would change something else than was seen is out of date, though no
// record differs.
import { planHash } from '@hostmaster/core/dns/plan';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPlan } from '../stored-columns.ts';
import { zoneApex } from '../testing/demo.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';

let world: Reconciling;
beforeAll(async () => {
  world = await createReconciling();
});
afterAll(() => world.close());

const live = async (hostname: string): Promise<void> => {
  const request = await world.ask(hostname);
  if (request.state === 'in-review') await world.decide('security', request);
  await world.runDue();
};
/** What is in force says another escalation than it did. */
const escalate = (hostname: string) => world.db.$executeRaw`
  UPDATE endpoint_revision SET contract = jsonb_set(contract, '{owners}', '{"escalation": "#night"}')
   WHERE endpoint_id = (SELECT id FROM endpoint WHERE hostname = ${hostname})`;
const elsewhere = { target: { addresses: ['127.0.0.2'] } };

test('what changed in the contract between approval and apply is out of date, and the field is named', async () => {
  const hostname = `agreed.dev.${zoneApex}`;
  await live(hostname);
  const request = await world.send('change', hostname, { routing: { port: 8443 } });
  await escalate(hostname);
  await world.runDue();
  expect(await world.seen(request)).toMatchObject({ state: 'stale', summary: expect.stringContaining('Escalation: #night → nothing') });
});

test('what changed in the contract while it was reviewed is shown, and is not approved by who has not seen it', async () => {
  const hostname = `login.agreed.dev.${zoneApex}`;
  await live(hostname);
  const request = await world.send('change', hostname, elsewhere);
  await escalate(hostname);
  await expect(world.decide('security', request)).rejects.toMatchObject({ code: 'plan-changed' });
  const { currentPlan } = await world.seen(request, 'security');
  expect(currentPlan?.contract?.changes).toContainEqual({ field: 'owners.escalation', before: '#night', after: null });
  await world.decide('security', request, 'approve', currentPlan?.hash);
  await world.runDue();
  expect(await world.seen(request)).toMatchObject({ state: 'applied' });
});

test('what was approved before plans said what was agreed is made as it was approved', async () => {
  const hostname = `earlier.dev.${zoneApex}`;
  await live(hostname);
  const { id, plan } = await world.send('change', hostname, { ...elsewhere, routing: { port: 8443 } });
  const { contract: _, ...earlier } = plan;
  const hash = planHash({ ...plan, contract: null });
  const data = { plan: { ...earlier, hash }, planHash: hash };
  await behindTheBack(world.db).request.update({ where: { id }, data });
  await world.runDue();
  const made = await world.db.request.findUniqueOrThrow({ where: { id } });
  expect(made.state).toBe('applied');
  expect(readPlan(made.plan).contract).toBeNull();
});
