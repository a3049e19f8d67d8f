import { expect, it } from 'vitest';
import { digestOf } from './digest';
import { problemOf } from './problem';

const thrown = (digest?: string) => Object.assign(new Error('masked'), digest === undefined ? {} : { digest });

it('a page that the database kept from being made says so, with the code and the trace id of the log', () => {
  const shown = problemOf(thrown(digestOf('unavailable', '4f0c3a9d51')));
  expect(shown).toMatchObject({ code: 'unavailable', traceId: '4f0c3a9d51', title: 'The database does not answer' });
  expect(shown.remedy).toContain('whoever runs Hostmaster');
});

it.each([
  [digestOf('internal', '4f0c3a9d51'), 'internal', '4f0c3a9d51'],
  ['2894615022', null, '2894615022'],
  [undefined, null, null],
])('one that something else kept from it, with the digest %s, says what there is to report', (digest, code, traceId) => {
  expect(problemOf(thrown(digest))).toMatchObject({ code, traceId, title: 'This page could not be shown' });
});
