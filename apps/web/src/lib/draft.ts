// What was typed into a form and not sent yet, kept in the tab (sessionStorage) so that a refresh, the way back and a session
// that ended lose nothing. It is bound to the person, ends with the tab, the sending and the sign-out, and never holds a
// secret: neither the fields that a form names as such, nor a private key that was put into any other.

type Values = Readonly<Record<string, unknown>>;
type Kept = { readonly from: string; readonly values: Values };
type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** Whose form it is, and which. */
export type DraftPlace = { readonly person: string; readonly form: string };

const prefix = 'draft:';
const keyOf = ({ person, form }: DraftPlace): string => `${prefix}${person}:${form}`;
const isPrivateKey = (value: unknown): boolean => typeof value === 'string' && /PRIVATE KEY/i.test(value);

/**
 * Keeps the values, or forgets them where they are those that the form begins with.
 * @param begun what the form began with; a draft counts only for a form that begins with the same
 */
export function keepDraft(store: Store, place: DraftPlace, begun: Values, values: Values, secrets: readonly string[]): void {
  const open = Object.fromEntries(Object.entries(values).filter(([field, value]) => !secrets.includes(field) && !isPrivateKey(value)));
  const from = JSON.stringify(begun);
  if (JSON.stringify({ ...begun, ...open }) === from) {
    forgetDraft(store, place);
    return;
  }
  const kept: Kept = { from, values: open };
  try {
    store.setItem(keyOf(place), JSON.stringify(kept));
  } catch {
    // No room, or storage is switched off: then a refresh loses the form, as it did before.
  }
}

/**
 * What was kept; null where nothing was, the form begins otherwise now, or somebody has begun to fill it: what is typed first wins.
 * @param now what stands in the form
 */
export function keptDraft(store: Store, place: DraftPlace, begun: Values, now: Values): Values | null {
  const text = store.getItem(keyOf(place));
  const start = JSON.stringify(begun);
  if (text === null || JSON.stringify({ ...begun, ...now }) !== start) return null;
  try {
    const { from, values } = JSON.parse(text) as Kept;
    return from === start ? values : null;
  } catch {
    return null;
  }
}

export const forgetDraft = (store: Store, place: DraftPlace): void => store.removeItem(keyOf(place));

/** Forgets every draft, or all but those of one person: whoever signs in after somebody else finds nothing of theirs. */
export function forgetDrafts(store: Store, exceptOf?: string): void {
  const keys = Array.from({ length: store.length }, (_, at) => store.key(at) ?? '');
  for (const key of keys)
    if (key.startsWith(prefix) && (exceptOf === undefined || !key.startsWith(`${prefix}${exceptOf}:`))) store.removeItem(key);
}
