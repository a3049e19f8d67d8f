import { describe, expect, it } from 'vitest';
import { laneOf } from './lane.ts';
import { displacedBy, endpointPurposes, endpointSteps, operationKinds, operationPurposes, stepsOf, zonePurposes } from './purpose.ts';

const names = Object.keys(endpointPurposes) as (keyof typeof endpointPurposes)[];
const order: readonly string[] = endpointSteps;
const places = (steps: readonly string[]) => steps.map((step) => order.indexOf(step));

describe('the steps of a purpose', () => {
  it.each(names)('%s: each once, in the order of the list', (purpose) => {
    const at = places(stepsOf('endpoint', purpose));
    expect(at).toEqual([...new Set(at)].sort((a, b) => a - b));
    expect(at.length).toBeGreaterThan(0);
  });

  it('what connects to where a name leads comes last: what is handed over to the probes never has to come back', () => {
    for (const purpose of operationPurposes)
      for (const kind of operationKinds) {
        const lanes = stepsOf(kind, purpose).map(laneOf);
        expect(lanes, purpose).toEqual(lanes.toSorted((a, b) => Number(a === 'probes') - Number(b === 'probes')));
      }
    expect(stepsOf('endpoint', 'renewal').map(laneOf)).toEqual(['work', 'work', 'probes', 'probes']);
  });

  it('a look decides nothing, writes no record and orders nothing', () => {
    for (const step of ['admitted', 'records-applied', 'certificate-issued', 'withdrawn'])
      expect(stepsOf('endpoint', 'look')).not.toContain(step);
  });

  it('a renewal depends on no name server', () => {
    expect(stepsOf('endpoint', 'renewal').filter((step) => step.startsWith('records-'))).toEqual([]);
    expect(stepsOf('endpoint', 'renewal')[0]).toBe('certificate-issued');
  });

  it('what somebody asked for is admitted first; what nobody asked for is not', () => {
    const first = names.filter((purpose) => stepsOf('endpoint', purpose)[0] === 'admitted');
    expect(first).toEqual(['revision', 'retirement']);
    expect(names.filter((purpose) => stepsOf('endpoint', purpose).some((step) => step === 'admitted'))).toEqual(first);
  });

  it('only a retirement takes a name out of the world, and it issues nothing', () => {
    expect(names.filter((purpose) => stepsOf('endpoint', purpose).some((step) => step === 'withdrawn'))).toEqual(['retirement']);
    expect(stepsOf('endpoint', 'retirement')).not.toContain('certificate-issued');
  });

  it('a certificate is handed on before it is looked for on the wire, whenever it is looked for', () => {
    for (const purpose of names) {
      const steps: readonly string[] = stepsOf('endpoint', purpose);
      if (steps.includes('certificate-served')) expect(steps[steps.indexOf('certificate-served') - 1]).toBe('certificate-delivered');
    }
  });

  it('a kind has no steps for a purpose of another kind', () => {
    expect(stepsOf('zone', 'renewal')).toEqual([]);
    expect(stepsOf('endpoint', 'read')).toEqual([]);
    expect(stepsOf('zone', 'read')).toEqual(['read']);
  });
});

describe('what a newer wish takes the place of', () => {
  it('what people approved, and taking it back, replaces all work on the name', () => {
    for (const purpose of ['revision', 'retirement', 'reversal', 'cancellation'] as const)
      expect([...displacedBy[purpose]].sort()).toEqual([...names].sort());
  });

  it('what nobody asked for never replaces what somebody did', () => {
    expect(displacedBy.renewal).toEqual(['look']);
    expect(displacedBy.look).toEqual([]);
    expect(displacedBy.read).toEqual([]);
  });

  it('work on a name and work on a zone never replace each other', () => {
    for (const purpose of operationPurposes) {
      const ofZone = purpose in zonePurposes;
      for (const other of displacedBy[purpose]) expect(other in zonePurposes).toBe(ofZone);
    }
  });
});
