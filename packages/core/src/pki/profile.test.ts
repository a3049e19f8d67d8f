import { expect, it } from 'vitest';
import { contractKeys, keyAlgorithms, keyName, orderValidity, profileNamed, profiles, rsaBits, serverProfile } from './profile.ts';

it('a key is named by its algorithm, an RSA key with its length, which is read back from the name', () => {
  expect(keyAlgorithms.map((algorithm) => keyName({ algorithm, bits: 3072 }))).toEqual(['ecdsa-p256', 'ecdsa-p384', 'rsa-3072']);
  expect(contractKeys.map(rsaBits)).toEqual([null, null, 2048, 3072]);
});

it('a profile is found by its name, and one that nobody knows is told with those that there are', () => {
  expect(profileNamed('server')).toBe(serverProfile);
  for (const [name, profile] of profiles) expect(profile.name).toBe(name);
  expect(() => profileNamed('client')).toThrow(
    expect.objectContaining({ code: 'unsupported', message: 'There is no profile client, only server.' }),
  );
});

it('an order begins five minutes ago, in whole seconds, and ends with the profile, and lies within its issuer', () => {
  const now = new Date('2026-11-20T12:00:00.789Z');
  const issuer = { notBefore: new Date('2026-11-01T00:00:00Z'), notAfter: new Date('2031-01-01T00:00:00Z') };
  expect(orderValidity(serverProfile, issuer, now)).toEqual({
    notBefore: new Date('2026-11-20T11:55:00Z'),
    notAfter: new Date('2027-02-18T11:54:59Z'),
  });
  expect(orderValidity(serverProfile, issuer, now, 7 * 24).notAfter).toEqual(new Date('2026-11-27T11:54:59Z'));
  expect(orderValidity(serverProfile, issuer, now, 1).notAfter).toEqual(new Date('2026-11-20T12:59:59Z'));
  expect(orderValidity(serverProfile, issuer, now, 24).notAfter).toEqual(new Date('2026-11-21T11:54:59Z'));
  expect(orderValidity(serverProfile, issuer, now, 5000 * 24).notAfter).toEqual(new Date('2029-02-22T11:54:59Z'));
  const soon = new Date('2026-12-01T00:00:00Z');
  expect(orderValidity(serverProfile, { ...issuer, notAfter: soon }, now).notAfter).toEqual(soon);
  const just = new Date('2026-11-20T11:59:00Z');
  expect(orderValidity(serverProfile, { ...issuer, notBefore: just }, now).notBefore).toEqual(just);
});
