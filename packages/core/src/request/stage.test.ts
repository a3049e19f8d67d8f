import { describe, expect, it } from 'vitest';
import { endpointStates } from '../endpoint/state.ts';
import { operationStates, unfinishedStates } from '../operation/state.ts';
import { requestStages, stageOf, stageWords } from './stage.ts';
import { requestMachine, requestStates } from './state.ts';

const of = {
  kind: 'create',
  state: 'applied',
  work: 'succeeded',
  endpoint: { state: 'live', ofRequest: true, certificateOnly: false },
} as const;

describe('how far a request came', () => {
  it.each([
    ['asked for, and waiting for people', { ...of, state: 'in-review', work: null, endpoint: null }, 'In review'],
    ['approved, and its work not begun', { ...of, state: 'approved', work: null, endpoint: null }, 'Approved'],
    ['approved, and no worker looked yet', { ...of, state: 'approved', work: 'pending', endpoint: null }, 'Approved'],
    ['being worked on', { ...of, state: 'approved', work: 'running', endpoint: null }, 'Applying'],
    [
      'written, and the name does not answer yet',
      { ...of, work: 'waiting', endpoint: { state: 'pending', ofRequest: true, certificateOnly: false } },
      'Applying',
    ],
    ['seen working', of, 'Live'],
    ['seen working after the work had failed', { ...of, work: 'failed' }, 'Live'],
    ['issued, where a certificate alone is wanted', { ...of, endpoint: { ...of.endpoint, certificateOnly: true } }, 'Issued'],
    ['live once, broken now', { ...of, endpoint: { state: 'degraded', ofRequest: true, certificateOnly: false } }, 'Needs attention'],
    [
      'written, and never seen working',
      { ...of, work: 'failed', endpoint: { state: 'pending', ofRequest: true, certificateOnly: false } },
      'Applied, never seen working',
    ],
    [
      'written, and never seen working before something newer was wanted',
      { ...of, work: 'superseded', endpoint: { state: 'pending', ofRequest: true, certificateOnly: false } },
      'Applied, never seen working',
    ],
    [
      'never seen working, and changed since',
      { ...of, work: 'failed', endpoint: { state: 'live', ofRequest: false, certificateOnly: false } },
      'Applied, never seen working',
    ],
    ['of a name that is gone since', { ...of, endpoint: null }, 'Was in force'],
    ['applied before work was kept', { ...of, work: null, endpoint: null }, 'Was in force'],
    [
      'to be gone, which could not be done',
      { ...of, kind: 'retire', work: 'failed', endpoint: { state: 'degraded', ofRequest: true, certificateOnly: false } },
      'Applied, never seen working',
    ],
    ['live once, and changed since', { ...of, endpoint: { state: 'live', ofRequest: false, certificateOnly: false } }, 'Was in force'],
    [
      'gone as it was asked for',
      { ...of, kind: 'retire', endpoint: { state: 'retired', ofRequest: true, certificateOnly: false } },
      'Retired',
    ],
    ['out of date', { ...of, state: 'stale' }, 'Plan out of date'],
  ] as const)('%s', (_, request, word) => {
    expect(stageWords[stageOf(request)]).toBe(word);
  });

  it('is “live” only where the endpoint is, with what this request wanted', () => {
    for (const state of requestStates)
      for (const work of [null, ...operationStates])
        for (const endpoint of [
          null,
          ...endpointStates.flatMap((is) => [true, false].map((ofRequest) => ({ state: is, ofRequest, certificateOnly: false }))),
        ]) {
          const stage = stageOf({ kind: 'change', state, work, endpoint });
          if (stage === 'live') expect([state, endpoint]).toEqual(['applied', { state: 'live', ofRequest: true, certificateOnly: false }]);
        }
  });

  it('is “applying” while there is work to be done, and the state itself where it came to nothing', () => {
    for (const work of unfinishedStates) expect(stageOf({ ...of, work })).toBe('applying');
    for (const state of requestStates)
      if (requestMachine.isFinal(state) && state !== 'applied') expect(stageOf({ ...of, state })).toBe(state);
  });

  it('has one word for each, and no two the same', () => {
    for (const stage of requestStages) expect(stageWords[stage]).toMatch(/^[A-Z]/);
    expect(new Set(requestStages.map((stage) => stageWords[stage])).size).toBe(requestStages.length);
  });
});
