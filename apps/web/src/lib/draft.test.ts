import { describe, expect, it } from 'vitest';
import { forgetDraft, forgetDrafts, keepDraft, keptDraft } from './draft';

function createStore() {
  const held = new Map<string, string>();
  return {
    held,
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => void held.set(key, value),
    removeItem: (key: string) => void held.delete(key),
    key: (at: number) => [...held.keys()][at] ?? null,
    get length() {
      return held.size;
    },
  };
}

const place = { person: 'ada', form: 'zone' };
const begun = { apex: '', secret: '', note: '' };

describe('the draft of a form', () => {
  it('comes back to whoever typed it, in a form that begins as that one did', () => {
    const store = createStore();
    keepDraft(store, place, begun, { ...begun, apex: 'corp.test' }, []);
    expect(keptDraft(store, place, begun, begun)).toEqual({ ...begun, apex: 'corp.test' });
    expect(keptDraft(store, { ...place, person: 'sam' }, begun, begun)).toBeNull();
    expect(keptDraft(store, { ...place, form: 'request' }, begun, begun)).toBeNull();
    const changed = { ...begun, apex: 'changed.test' };
    expect(keptDraft(store, place, changed, changed)).toBeNull();
  });

  it('does not come into a form that somebody has begun to fill: what is typed first wins', () => {
    const store = createStore();
    keepDraft(store, place, begun, { ...begun, apex: 'corp.test' }, []);
    expect(keptDraft(store, place, begun, { ...begun, apex: 'c' })).toBeNull();
    expect(keptDraft(store, place, begun, { ...begun, secret: 'typed' })).toBeNull();
  });

  it('never holds a secret, nor a private key that was put into another field', () => {
    const store = createStore();
    const typed = { apex: 'corp.test', secret: 'c2VjcmV0', note: '-----BEGIN EC PRIVATE KEY-----' };
    keepDraft(store, place, begun, typed, ['secret']);
    expect([...store.held.values()].join()).not.toMatch(/c2VjcmV0|PRIVATE KEY/);
    expect(keptDraft(store, place, begun, begun)).toEqual({ apex: 'corp.test' });
  });

  it('is gone once it is sent, once the form is as it began, and with the sign-out', () => {
    const store = createStore();
    const typed = { ...begun, apex: 'corp.test' };
    keepDraft(store, place, begun, typed, []);
    forgetDraft(store, place);
    expect(store.held.size).toBe(0);
    keepDraft(store, place, begun, typed, []);
    keepDraft(store, place, begun, begun, []);
    expect(store.held.size).toBe(0);
    keepDraft(store, place, begun, typed, []);
    store.setItem('theme', 'dark');
    forgetDrafts(store);
    expect([...store.held.keys()]).toEqual(['theme']);
  });

  it('of somebody else is forgotten by whoever signs in after them', () => {
    const store = createStore();
    keepDraft(store, place, begun, { ...begun, apex: 'a.test' }, []);
    keepDraft(store, { ...place, person: 'sam' }, begun, { ...begun, apex: 'b.test' }, []);
    forgetDrafts(store, 'sam');
    expect([...store.held.keys()]).toEqual(['draft:sam:zone']);
  });

  it('that cannot be read or kept loses no more than it would without one', () => {
    const store = createStore();
    store.setItem('draft:ada:zone', '{');
    expect(keptDraft(store, place, begun, begun)).toBeNull();
    const full = {
      ...store,
      setItem: () => {
        throw new Error('no room');
      },
    };
    expect(() => keepDraft(full, place, begun, { ...begun, apex: 'a.test' }, [])).not.toThrow();
  });
});
