import { TRPCClientError } from '@trpc/client';
import { describe, expect, it } from 'vitest';
import { formProblems, problemsFrom, stillOpen } from './field-problems';

const violation = (path: string) => ({ rule: 'r', path, reason: `about ${path}`, remedy: 'mend it' });
const problem = (...paths: string[]) => ({
  code: 'invalid-input',
  title: 't',
  detail: 'd',
  remedy: 'r',
  traceId: null,
  violations: paths.map(violation),
});
const sent = { contract: { hostname: 'a', target: { addresses: ['x', 'y'] }, routing: { healthPath: 'z' } } };

describe('what was refused stands until it is changed', () => {
  it('keeps every violation of an unchanged draft', () => {
    const refused = problem('contract.hostname', 'contract.target.addresses.0');
    expect(stillOpen(refused, sent, structuredClone(sent))).toEqual(refused);
  });

  it('drops a violation once the value that it names is another, and keeps the others', () => {
    const now = { contract: { ...sent.contract, target: { addresses: ['127.0.0.1', 'y'] } } };
    const left = stillOpen(problem('contract.target.addresses.0', 'contract.routing.healthPath'), sent, now);
    expect(left?.violations.map(({ path }) => path)).toEqual(['contract.routing.healthPath']);
  });

  it('is gone when the last one was changed', () => {
    expect(stillOpen(problem('contract.hostname'), sent, { contract: { ...sent.contract, hostname: 'b' } })).toBeNull();
  });
});

it('a field shows what is said of it and of anything in it, once', () => {
  const at = problemsFrom([violation('contract.target'), violation('contract.target.addresses.1')], [violation('contract.target')]);
  expect(at('contract.target').map(({ reason }) => reason)).toEqual(['about contract.target', 'about contract.target.addresses.1']);
  expect(at('contract.hostname')).toEqual([]);
});

describe('the form of a dialog', () => {
  const own = { team: 'Choose the team.', suffix: 'Give the suffix.' };
  const refusal = (...paths: string[]) =>
    Object.assign(new TRPCClientError('d'), {
      data: { code: 'invalid-input', title: 't', remedy: 'r', traceId: 'x', violations: paths.map(violation) },
    });
  const of = (error: unknown, values = { team: 'a', suffix: 'b' }) =>
    formProblems({ own, errors: {}, error, sent: { team: 'a', suffix: 'b' }, values });

  it('says what the schema finds in its own words', () => {
    const { at, rest } = formProblems({ own, errors: { team: { message: 'Too small' } }, error: null, sent: undefined, values: {} });
    expect(at('team')).toEqual([{ reason: 'Choose the team.' }]);
    expect(at('suffix')).toEqual([]);
    expect(rest).toBeNull();
  });

  it('says what was refused of a field beside it and not once more, until it is another', () => {
    const { at, rest } = of(refusal('suffix'));
    expect(at('suffix').map(({ reason }) => reason)).toEqual(['about suffix']);
    expect(rest).toBeNull();
    expect(of(refusal('suffix'), { team: 'a', suffix: 'c' }).at('suffix')).toEqual([]);
  });

  it('leaves what no field says to the panel', () => {
    expect(of(refusal('suffix', 'expiresAt')).rest?.violations.map(({ path }) => path)).toEqual(['expiresAt']);
    expect(of(refusal()).rest).toMatchObject({ code: 'invalid-input', violations: [] });
  });
});
