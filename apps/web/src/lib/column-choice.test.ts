import { describe, expect, it } from 'vitest';
import { readColumnChoices, writeColumnChoices } from './column-choice';

describe('the columns that a person chose', () => {
  it('come back as they were written', () => {
    const choices = { endpoints: { team: false, environment: true } };
    expect(readColumnChoices(decodeURIComponent(writeColumnChoices(choices)))).toEqual(choices);
    expect(writeColumnChoices(choices), 'what a cookie may hold (RFC 6265 §4.1.1)').toMatch(/^[!#-+\--:<-[\]-~]*$/);
  });

  it.each([undefined, '', '%', 'null', '[]', '{"a":1}', '{"endpoints":{"team":"no"}}'])(
    'are as the tables have them where the cookie is %j',
    (cookie) => {
      expect(readColumnChoices(cookie)).toEqual({});
    },
  );
});
