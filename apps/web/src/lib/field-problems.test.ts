import { TRPCClientError } from '@trpc/client';
import { describe, expect, it } from 'vitest';
import { formProblems, problemsFrom, refusalProblems, stillOpen } from './field-problems';
import { problemOf } from './problem';

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
  it('keeps what stands in the form as it was typed, where what was sent was trimmed and lower-cased', () => {
    const refused = problem('email');
    expect(stillOpen(refused, { email: 'eve@example.test' }, { email: ' EVE@example.test ' })).toEqual(refused);
    expect(stillOpen(refused, { email: 'eve@example.test' }, { email: 'eva@example.test' })).toBeNull();
    // Where capitals were what was refused, small letters are the correction.
    expect(stillOpen(refused, { email: 'Orders' }, { email: 'orders' })).toBeNull();
  });

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

const refusalOf = (code: string, ...paths: string[]) =>
  Object.assign(new TRPCClientError('servers.0.name: about it'), {
    data: { code, title: 't', remedy: 'r', traceId: 'x', violations: paths.map(violation) },
  });

describe('a form that leaves the checking to the server', () => {
  const zone = { apex: 'a', servers: [{ name: 'x' }, { name: 'y' }] };
  const of = (values: object) =>
    refusalProblems(['apex', 'servers'], { error: refusalOf('invalid-input', 'servers.1.name', 'colour'), sent: zone, values });

  it('says each thing once, at its field, and in the panel what no field says', () => {
    const { at, rest } = of(structuredClone(zone));
    expect(at('servers').map(({ reason }) => reason)).toEqual(['about servers.1.name']);
    expect(rest?.violations.map(({ path }) => path)).toEqual(['colour']);
  });

  it('stops saying it once it is corrected', () => {
    expect(of({ ...zone, servers: [{ name: 'x' }, { name: 'z' }] }).at('servers')).toEqual([]);
  });
});

describe('what a person reads of an error', () => {
  it('names no path of the JSON that was sent', () => {
    expect(problemOf(refusalOf('invalid-input', 'servers.0.name')).detail).toBe('');
    expect(problemOf(refusalOf('policy-denied', 'contract.hostname')).detail).not.toBe('');
  });

  it('says of a session that ended that it ended, and speaks of no token', () => {
    const { title, detail, remedy } = problemOf(refusalOf('not-signed-in'));
    expect(title).toBe('Your session has ended');
    expect(`${detail}${remedy}`).toMatch(/^Sign in again/);
    expect(`${title}${detail}${remedy}`).not.toMatch(/token|Bearer/i);
  });
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

  it('leaves a rule of the contract its own words', () => {
    const errors = { team: { type: 'custom', message: 'It holds U+202E, which is not seen where it is read.' } };
    expect(formProblems({ own, errors, error: null, sent: undefined, values: {} }).at('team')).toEqual([{ reason: errors.team.message }]);
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
