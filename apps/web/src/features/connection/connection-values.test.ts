import { expect, it } from 'vitest';
import { connectionDraftOf, connectionValuesOf, emptyConnection } from './connection-values';

const settings = { type: 'object', properties: { token: { type: 'string', title: 'Token', default: 'a' } } };
const secret = { type: 'string', title: 'Key' };
const kind = { kind: 'other', label: 'Other', summary: '', settings, secret: null, secretOptional: true };

it('a secret is not sent to another kind than it was typed for', () => {
  expect(emptyConnection(kind)).toEqual({ kind: 'other', settings: { token: 'a' }, secret: '' });
});

it('a stored connection comes back as what was typed, but for its secret', () => {
  expect(connectionValuesOf({ kind: 'other', settings: { token: 'b' } }, kind)).toEqual({
    kind: 'other',
    settings: { token: 'b' },
    secret: '',
  });
});

it('a secret is sent where the kind has one, and left out where it is optional and nothing was typed', () => {
  const sent = (secretOptional: boolean, typed: string) =>
    connectionDraftOf({ ...emptyConnection(kind), secret: typed }, { ...kind, secret, secretOptional });
  expect(sent(false, ' x ')).toEqual({ kind: 'other', settings: { token: 'a' }, secret: 'x' });
  expect(sent(false, '')).toMatchObject({ secret: '' });
  expect(sent(true, ' ')).not.toHaveProperty('secret');
  expect(connectionDraftOf({ ...emptyConnection(kind), secret: 'x' }, kind)).not.toHaveProperty('secret');
});
