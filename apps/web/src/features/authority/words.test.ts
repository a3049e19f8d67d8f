import { describe, expect, it } from 'vitest';
import { stateOf, whereKept } from './words';

describe('a key that is kept here', () => {
  it('is said to be in its token by the label of that, else to be wrapped', () => {
    expect([whereKept({ keyToken: 'Hostmaster CA' }), whereKept({ keyToken: null })]).toEqual([
      'kept here, in the token Hostmaster CA',
      'kept here, wrapped in the database',
    ]);
  });
});

describe('an active root', () => {
  it('whose key is elsewhere is not said to sign', () => {
    const root = { state: 'active', intermediates: [] } as const;
    expect(stateOf({ ...root, keyHere: true, intermediates: [] }).says).toBe('Active: new CAs come from it');
    expect(stateOf({ ...root, keyHere: false, intermediates: [] }).says).toMatch(/once one that it signed is brought$/);
  });
});
