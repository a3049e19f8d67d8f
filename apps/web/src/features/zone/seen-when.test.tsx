import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { SeenWhen } from './record-sets';
import { leftBehind } from './remove-zone';
import { ZoneHealth } from './zone-list';

const at = '2026-11-20T12:00:00Z';
const seen = `dateTime="${at}"`;
const text = (markup: string) => markup.replace(/<[^>]*>/g, '');

it('what the last reading counted is said beside its time, since the list below goes on', () => {
  const said = renderToStaticMarkup(<SeenWhen zone={{ recordSetCount: 1204, syncedAt: at }} />);
  expect(said).toContain(seen);
  expect(text(said)).toMatch(/^1,204 when the zone was read .*, and since then what work has read again/);
  expect(text(renderToStaticMarkup(<SeenWhen zone={{ recordSetCount: 0, syncedAt: null }} />))).toBe('not read whole yet');
});

it('a zone that fails says from when its serial and its counts are, too', () => {
  const zone = { syncedAt: at, syncError: null, signingError: null, givenUpAt: null };
  const signingError = { code: 'conflict', message: 'No CA.', remedy: 'Make one.', movesNext: 'platform' } as const;
  for (const failing of [
    { ...zone, syncError: 'It is silent.' },
    { ...zone, signingError },
  ])
    expect(renderToStaticMarkup(<ZoneHealth zone={failing} />)).toContain(seen);
  expect(text(renderToStaticMarkup(<ZoneHealth zone={{ ...zone, syncedAt: null, syncError: 'It is silent.' }} />))).toBe('It is silent. ');
});

it('what a removed zone leaves on its servers is counted as of its last reading', () => {
  const zone = { retiredCount: 0, grants: [], grantsTotal: 0 };
  expect(leftBehind({ ...zone, recordSetCount: 1 })).toEqual([
    'What is on its servers stays as it is: 1 record set when the zone was last read.',
  ]);
  expect(leftBehind({ ...zone, recordSetCount: 0 })).toEqual(['What is on its servers stays as it is.']);
});
