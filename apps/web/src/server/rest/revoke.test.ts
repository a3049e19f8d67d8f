// A certificate is revoked over REST: the answer is the work that does it, and names where to poll.
import { operation } from '@hostmaster/core/contract/operation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../testing/world.ts';
import { serveRest } from './serve.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const revoke = async (serial: string, body: unknown, ...scopes: Parameters<World['token']>) =>
  serveRest(
    new Request(`http://hostmaster.test/api/v1/certificates/${serial}/revoke`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await world.token(...scopes)}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
    world.container,
  );
const said = { reason: 'superseded', comment: 'Replaced by hand.' };

describe('a certificate', () => {
  it('is asked to be revoked by its serial, and the answer is the work to poll', async () => {
    const serial = await world.certificate();
    const answer = await revoke(serial, said, 'certificates:write');
    expect(answer.status).toBe(202);
    const begun = operation.parse(await answer.json());
    expect(begun).toMatchObject({ purpose: 'revocation', state: 'pending' });
    expect(answer.headers.get('location')).toBe(`/api/v1/operations/${begun.id}`);
    expect((await revoke(serial, said, 'certificates:write')).status).toBe(409);
  });

  it('needs the scope of its own, a reason of the list and readable words', async () => {
    const serial = await world.certificate();
    expect((await revoke(serial, said, 'certificates:read', 'requests:write')).status).toBe(403);
    const refused = await revoke(serial, { reason: 'because', comment: 'a\u202eb' }, 'certificates:write');
    expect(refused.status).toBe(400);
    expect((await refused.json()).violations).toMatchObject([{ path: 'reason' }, { path: 'comment' }]);
    expect(await world.owner.revocationRequest.count({ where: { certificate: { serial } } })).toBe(0);
  });
});
