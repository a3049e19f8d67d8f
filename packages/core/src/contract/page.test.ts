import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as account from './account.ts';
import * as audit from './audit.ts';
import * as certificate from './certificate.ts';
import * as cluster from './cluster.ts';
import * as endpoint from './endpoint.ts';
import * as endpointView from './endpoint-view.ts';
import * as environment from './environment.ts';
import * as exception from './exception.ts';
import * as governance from './governance.ts';
import * as operation from './operation.ts';
import { givenDate, givenTime } from './page.ts';
import * as request from './request.ts';

describe('a date that somebody gives', () => {
  it.each(['0000-01-01', '0001-01-01', '1969-12-31', '9999-12-31'])('is one that can be kept: not %s', (date) => {
    expect(givenDate.safeParse(date).success).toBe(false);
    expect(givenTime.safeParse(`${date}T00:00:00Z`).success).toBe(false);
  });
  it.each(['1970-01-01', '2026-11-20', '9998-12-31'])('is %s', (date) => {
    expect(givenDate.safeParse(date).success).toBe(true);
    expect(givenTime.safeParse(`${date}T23:59:59.999Z`).success).toBe(true);
  });
});

const contracts = { account, audit, certificate, cluster, endpoint, endpointView, environment, exception, governance, operation, request };
const inputs = Object.values(contracts).flatMap((contract) =>
  Object.entries(contract).flatMap(([name, value]) =>
    /(?:Input|Query|Change)$/.test(name) && value instanceof z.ZodObject ? [[name, value] as const] : [],
  ),
);

it('is found in the inputs that have one', () => {
  expect(inputs.map(([name]) => name)).toEqual(expect.arrayContaining(['certificatesQuery', 'exceptionInput', 'grantInput']));
});

it.each(inputs)('no input takes a date that cannot be kept: %s', (_, schema) => {
  for (const [field, type] of Object.entries(schema.shape)) {
    const json = JSON.stringify(z.toJSONSchema(type as z.ZodType, { io: 'input', unrepresentable: 'any' }));
    const far = json.includes('"format":"date-time"') ? '0000-01-01T00:00:00Z' : json.includes('"format":"date"') ? '0000-01-01' : null;
    if (far !== null) expect((type as z.ZodType).safeParse(far).success, field).toBe(false);
  }
});
