import { expect, it } from 'vitest';
import { isOwnMessage, proofOf } from './own-message.ts';

const message = 'Nobody here has that address.';

it('a message is shown with our proof of just that message, and with no other', () => {
  const proof = proofOf(message, 'secret');
  expect(isOwnMessage(message, proof, 'secret')).toBe(true);
  expect(isOwnMessage(`${message} Call 0900.`, proof, 'secret')).toBe(false);
  for (const other of [undefined, '', 'x', proofOf(message, 'another'), [proof], proof.slice(1)])
    expect(isOwnMessage(message, other, 'secret')).toBe(false);
});
