import { expect, it } from 'vitest';
import { narrowedBy } from './audit-search';

const none = { subject: '', actor: '', action: null, from: '', until: '', order: 'desc' as const };

it.each([
  [{}, null],
  [{ from: '2026-11-20' }, 'No event is like that'],
  [{ from: '2026-11-20', until: '2026-11-20' }, 'No event is like that'],
  [{ from: '2026-11-21', until: '2026-11-20' }, 'No event can be like that: From is a day after Until'],
])('where the filters are %j and leave nothing, “%s” is said', (more, said) => expect(narrowedBy({ ...none, ...more })).toBe(said));
