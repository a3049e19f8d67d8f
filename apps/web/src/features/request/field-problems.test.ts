import { describe, expect, it } from 'vitest';
import { problemsFrom, stillOpen } from './field-problems';

const violation = (path: string) => ({ rule: 'r', path, reason: `about ${path}`, remedy: 'mend it' });
const problem = (...paths: string[]) => ({
  code: 'invalid-input',
  title: 't',
  detail: 'd',
  remedy: 'r',
  traceId: null,
  violations: paths.map(violation),
});
const sent = { kind: 'create', contract: { hostname: 'a', target: { addresses: ['x', 'y'] }, routing: { healthPath: 'z' } } };

describe('what was refused stands until it is changed', () => {
  it('keeps every violation of an unchanged draft', () => {
    const refused = problem('hostname', 'contract.target.addresses.0');
    expect(stillOpen(refused, sent, structuredClone(sent))).toEqual(refused);
  });

  it('drops a violation once the value that it names is another, and keeps the others', () => {
    const now = { ...sent, contract: { ...sent.contract, target: { addresses: ['127.0.0.1', 'y'] } } };
    const left = stillOpen(problem('contract.target.addresses.0', 'contract.routing.healthPath'), sent, now);
    expect(left?.violations.map(({ path }) => path)).toEqual(['contract.routing.healthPath']);
  });

  it('is gone when the last one was changed', () => {
    expect(stillOpen(problem('hostname'), sent, { ...sent, contract: { ...sent.contract, hostname: 'b' } })).toBeNull();
  });
});

it('a field shows what is said of it and of anything in it, once', () => {
  const at = problemsFrom([violation('target'), violation('contract.target.addresses.1')], [violation('target')]);
  expect(at('target').map(({ reason }) => reason)).toEqual(['about target', 'about contract.target.addresses.1']);
  expect(at('hostname')).toEqual([]);
});
