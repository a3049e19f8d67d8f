// The life of one order: what was asked of an issuer, until it is a certificate or is none.
import { stateMachine } from '../state-machine.ts';

export const orderStates = ['open', 'issued', 'refused', 'abandoned'] as const;
export type OrderState = (typeof orderStates)[number];

/** What can happen: the issuer signed; it refused for good; nobody wants it any more. */
export const orderEvents = ['issue', 'refuse', 'abandon'] as const;
export type OrderEvent = (typeof orderEvents)[number];

export const orderMachine = stateMachine({
  subject: 'order',
  states: orderStates,
  events: orderEvents,
  words: {
    issue: 'be fulfilled',
    refuse: 'be refused',
    abandon: 'be abandoned',
  },
  beginnings: [{ state: 'open' }],
  transitions: {
    open: { issue: 'issued', refuse: 'refused', abandon: 'abandoned' },
    issued: {},
    refused: {},
    abandoned: {},
  },
});
