// Every field of a contract is part of the plan: what is said otherwise is shown, and hashed.

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { completedContract, type EndpointContractInput } from '../contract/endpoint.ts';
import { agreeOn, type ContractField, contractAspects, contractFields, fieldWords } from '../contract/fields.ts';
import { type AdmittedContract, storedContract } from '../contract/stored-contract.ts';
import { planHash } from '../dns/plan.ts';
import { contractChanges } from './contract-changes.ts';

const tls = { termination: 'edge', source: 'internal-ca', challenge: 'none', key: 'ecdsa-p256', extraNames: [] as string[] } as const;
const none = { ...tls, termination: 'none' } as const;

const contract = (more: Partial<EndpointContractInput> = {}): AdmittedContract =>
  storedContract.parse({
    apiVersion: 'hostmaster/v1',
    hostname: 'a.example.test',
    team: 'orders',
    environment: 'dev',
    view: 'public',
    target: { addresses: ['192.0.2.1'] },
    ttl: 'service',
    tls,
    routing: { port: 443, healthPath: '/health' },
    edge: {},
    owners: {},
    ...more,
  });

/** A contract with something else in one field, whatever the schema thinks of the rest. */
function withField(base: object, path: readonly string[], value: unknown): object {
  const [key = '', ...rest] = path;
  const inside: unknown = Reflect.get(base, key);
  const inner = typeof inside === 'object' && inside !== null && !Array.isArray(inside) ? inside : {};
  return { ...base, [key]: rest.length === 0 ? value : withField(inner, rest, value) };
}
/** A contract in which the field says something. */
const saying = (field: string): AdmittedContract =>
  field === 'tls.challenge' ? contract({ tls: { ...tls, source: 'acme', challenge: 'dns-01' } }) : contract();
const otherwise = (field: string): AdmittedContract => {
  const list = field === 'target.addresses' || field === 'tls.extraNames' || field === 'edge.sources';
  return withField(saying(field), field.split('.'), list ? ['other'] : 'other') as AdmittedContract;
};

type Schema = {
  readonly properties?: Record<string, Schema>;
  readonly anyOf?: readonly Schema[];
  readonly $ref?: string;
  readonly $defs?: Record<string, Schema>;
};
const root = z.toJSONSchema(completedContract.extend({})) as Schema;
/** A shape that has a name stands once, and is referred to. */
const shapeOf = (schema: Schema): Schema =>
  schema.$ref === undefined ? schema : (root.$defs?.[schema.$ref.replace('#/$defs/', '')] ?? schema);
const leavesOf = (schema: Schema, path: string): string[] => {
  const shape = shapeOf(schema);
  const branches = [shape, ...(shape.anyOf ?? []).map(shapeOf)].filter(({ properties }) => properties !== undefined);
  if (branches.length === 0) return [path];
  return branches.flatMap(({ properties }) =>
    Object.entries(properties ?? {}).flatMap(([key, inner]) => leavesOf(inner, path === '' ? key : `${path}.${key}`)),
  );
};
const inSchema = leavesOf(root, '');
const sayNothing = ['apiVersion', 'justification'];

describe('a field of the contract', () => {
  it('is known by its words, whichever it is', () => {
    expect(Object.keys(contractFields).sort()).toEqual(inSchema.toSorted());
    const words = Object.values(contractFields).map((each) => each.words);
    expect(new Set(words).size).toBe(words.length);
    expect(fieldWords('routing.healthPath')).toBe('Health path');
    expect(fieldWords('routing.former')).toBe('routing.former');
  });

  it.each(inSchema.filter((field) => !sayNothing.includes(field)))(
    '%s that is said otherwise is part of the plan and of its hash',
    (field) => {
      const changes = contractChanges(saying(field), otherwise(field));
      expect(changes.map((change) => change.field)).toEqual([field]);
      const plan = { changes: [], certificate: null };
      const same = planHash({ ...plan, contract: { changes: [] } });
      expect(planHash({ ...plan, contract: { changes } })).not.toBe(same);
      expect(planHash({ ...plan, contract: { changes: changes.map((change) => ({ ...change, before: 'moved' })) } })).not.toBe(
        planHash({ ...plan, contract: { changes } }),
      );
    },
  );

  it.each(sayNothing)('%s says nothing of the endpoint', (field) => expect(contractChanges(contract(), otherwise(field))).toEqual([]));

  it.each(Object.entries(contractFields).filter(([, { about }]) => about !== null))(
    '%s is of one aspect, and of no other',
    (field, { about }) => {
      for (const aspect of contractAspects) expect(agreeOn([aspect], saying(field), otherwise(field))).toBe(aspect !== about);
    },
  );
});

describe('what changes in a contract', () => {
  it.each<[string, Partial<EndpointContractInput>, Partial<EndpointContractInput>, [ContractField, string | null, string | null][]]>([
    ['nothing', {}, {}, []],
    ['a value', { ttl: 'stable' }, { ttl: 300 }, [['ttl', 'stable', '300']]],
    ['a list', {}, { target: { addresses: ['192.0.2.2', '192.0.2.1'] } }, [['target.addresses', '192.0.2.1', '192.0.2.1, 192.0.2.2']]],
    [
      'the order of a list, which says nothing',
      { edge: { sources: ['10.0.0.0/8', '192.0.2.0/24'] } },
      { edge: { sources: ['192.0.2.0/24', '10.0.0.0/8'] } },
      [],
    ],
    [
      'the kind of target',
      {},
      { target: { cname: 'b.example.test' } },
      [
        ['target.addresses', '192.0.2.1', null],
        ['target.cname', null, 'b.example.test'],
      ],
    ],
    [
      'that there is no certificate any more, whose issuer and key then say nothing',
      {},
      { tls: { ...none } },
      [
        ['tls.termination', 'edge', 'none'],
        ['tls.source', 'internal-ca', null],
        ['tls.key', 'ecdsa-p256', null],
      ],
    ],
    ['an issuer that nobody is asked for', { tls: { ...none } }, { tls: { ...none, source: 'acme' } }, []],
    ['a challenge that nobody asks for', { tls: { ...tls, challenge: 'dns-01' } }, {}, []],
    ['what was said and is not', { owners: { escalation: '#orders' } }, {}, [['owners.escalation', '#orders', null]]],
  ])('%s', (_, before, after, expected) =>
    expect(contractChanges(contract(before), contract(after))).toEqual(
      expected.map(([field, was, is]) => ({ field, before: was, after: is })),
    ),
  );

  it('of a name that is new is all that is said of it', () => {
    const said = contractChanges(null, contract());
    expect(said).toContainEqual({ field: 'routing.port', before: null, after: '443' });
    expect(said).toContainEqual({ field: 'team', before: null, after: 'orders' });
    expect(said.map(({ field }) => field)).not.toContain('tls.extraNames');
  });

  it('names a CSR by its digest, and one with other words around it not at all', () => {
    const csr = 'no request';
    const [change] = contractChanges(contract(), withField(contract(), ['tls', 'csr'], csr) as AdmittedContract);
    expect(change).toMatchObject({ field: 'tls.csr', before: null, after: expect.stringMatching(/^SHA-256 [0-9a-f]{64}$/) });
  });
});
