import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { InTheWay } from './remove-zone';

const read = (endpointCount: number) => renderToStaticMarkup(<InTheWay zone={{ apex: 'corp.test', endpointCount }} />);

it('a zone in which names stand says before it is removed that they are in the way, and where they are', () => {
  expect(read(0)).toBe('');
  expect(read(1)).toContain('1 endpoint in it must be retired first.');
  expect(read(5)).toContain('5 endpoints in it must be retired first.');
  expect(read(5)).toContain('href="/endpoints?zone=corp.test"');
});
