import { expect, it } from 'vitest';
import { elsewhere, headingOf } from './heading';

const clear = { endpoints: 3, attention: 0, underWay: 0, unseen: 0, openRequests: 0, failingZones: 0, endingCertificates: 0 };
const unknown = {
  endpoints: null,
  attention: null,
  underWay: null,
  unseen: null,
  openRequests: null,
  failingZones: null,
  endingCertificates: null,
};
const at = '2026-11-20T14:02:31Z';

it.each([
  [0, { ...clear, endpoints: 0 }, 'No names yet', []],
  [0, clear, 'All clear', []],
  [0, unknown, 'All clear', []],
  [0, { ...clear, attention: 1 }, 'Nothing waits for you', ['1 endpoint needs attention; the page of each says who moves next.']],
  [0, { ...clear, attention: 2 }, 'Nothing waits for you', ['2 endpoints need attention; the page of each says who moves next.']],
  [0, { ...clear, underWay: 1, unseen: 3 }, 'Nothing waits for you', ['1 endpoint is being worked on.']],
  [0, { ...clear, unseen: 3 }, 'Nothing waits for you', ['3 endpoints were not looked at for 20 minutes.']],
  [
    0,
    { ...clear, failingZones: 1, endingCertificates: 2, openRequests: 1 },
    'Nothing waits for you',
    ['1 zone fails; the page of each says why.', '2 certificates end soon and were not renewed.', '1 request is open.'],
  ],
  [1, { ...clear, attention: 2 }, 'One thing needs you', undefined],
  [1204, clear, '1,204 things need you', undefined],
])('where %i things need the reader and the figures are %j, the first page says “%s”', (needs, counts, heading, said) => {
  expect(headingOf({ needs, more: false }, counts, at)).toBe(heading);
  if (said !== undefined) expect(elsewhere(counts, at)).toEqual(said);
});

it('what is not shown whole is not counted as if it were', () => {
  expect(headingOf({ needs: 10, more: true }, clear, at)).toBe('10 things and more need you');
});
