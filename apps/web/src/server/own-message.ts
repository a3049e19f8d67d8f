// A message that travels in an address is shown only where we put it there ourselves: anybody can send somebody a link.
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Says that we wrote the message. */
export const proofOf = (message: string, secret: string): string =>
  createHmac('sha256', secret).update(`message:${message}`).digest('base64url');

/** Whether the proof that came with a message is ours. */
export function isOwnMessage(message: string, proof: unknown, secret: string): boolean {
  if (typeof proof !== 'string') return false;
  const [given, ours] = [Buffer.from(proof), Buffer.from(proofOf(message, secret))];
  return given.length === ours.length && timingSafeEqual(given, ours);
}
