import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePorts, portAllowed, portsListed, portsText, usualPorts } from './port.ts';

const port = fc.integer({ min: 1, max: 65_535 });

describe('ports that a zone allows', () => {
  it.each([
    ['443', { from: 443, to: 443 }],
    ['8000-8999', { from: 8000, to: 8999 }],
    ['1-65535', { from: 1, to: 65_535 }],
  ])('%s is read', (text, range) => {
    expect(parsePorts(text)).toEqual(range);
  });

  it.each(['', '0', '0443', '65536', '99999', '-1', '8-', '-8', '9-8', '1-65536', '1-2-3', '80,443', ' 80', '80 ', '8e3', '٨٠', '80\n'])(
    '%j is none',
    (text) => {
      expect(parsePorts(text)).toBeNull();
    },
  );

  it('has one spelling, which reads as the same', () => {
    fc.assert(
      fc.property(port, port, (one, other) => {
        const range = { from: Math.min(one, other), to: Math.max(one, other) };
        expect(parsePorts(portsText(range))).toEqual(range);
      }),
    );
    expect(portsText({ from: 80, to: 80 })).toBe('80');
    expect(usualPorts.every((text) => parsePorts(text) !== null)).toBe(true);
  });

  it('holds both ends of each range and the port of the zone, and nothing beside them', () => {
    const zone = {
      servedPort: 10_443,
      allowedPorts: [
        { from: 443, to: 443 },
        { from: 8000, to: 8080 },
      ],
    };
    const allowed = [443, 8000, 8001, 8080, 10_443];
    expect([1, 442, ...allowed, 444, 7999, 8081, 65_535].filter((each) => portAllowed(each, zone)).sort()).toEqual([...allowed].sort());
  });

  it('are listed with the port of the zone first, each once', () => {
    expect(
      portsListed({
        servedPort: 443,
        allowedPorts: [
          { from: 80, to: 80 },
          { from: 443, to: 443 },
          { from: 8000, to: 8080 },
        ],
      }),
    ).toBe('443, 80, 8000-8080');
  });
});
