// The last order of an endpoint's certificate, from the order down to each challenge: why it is not issued.
import { z } from 'zod';
import { orderStates } from '../pki/order-state.ts';
import { id, timestamp } from './page.ts';
import { named, told } from './told.ts';

const problem = told(
  z.string().nullable(),
  'What it said is wrong, in its own words; null where it said nothing.',
  'No TXT record found at _acme-challenge.orders.dev.example.test.',
);
const status = told(z.string(), 'Where it is, as the issuer calls it (RFC 8555 §7.1.6).', 'pending');

const challenge = named(
  'OrderChallenge',
  z.object({ type: told(z.string(), 'How control is shown.', 'dns-01'), status, problem }),
  'A way to show control over a name, as the issuer sees it.',
);
const authorization = named(
  'OrderAuthorization',
  z.object({
    name: told(z.string(), 'The name that it is for.', 'orders.dev.example.test'),
    status,
    challenges: told(z.array(challenge), 'The challenge that is answered, and others that were tried.'),
  }),
  'Whether control over one name is shown, as the issuer sees it.',
);
const said = named(
  'OrderSaid',
  z.object({
    at: told(timestamp, 'When it was asked.'),
    status,
    problem,
    authorizations: told(
      z.array(authorization),
      'One for each name, where the issuer was asked for them: while the order is pending or invalid.',
    ),
  }),
  'What the issuer said of an order when it was last asked.',
);
const proof = named(
  'OrderProof',
  z.object({
    method: told(
      z.enum(['dns-01', 'http-01', 'tls-alpn-01', 'alias']),
      'How it is read: as a text in DNS, over HTTP, in a TLS handshake, or as an alias in DNS.',
      'dns-01',
    ),
    where: told(
      z.string(),
      'Where it stands: a name in DNS, a path over HTTP, or the name that is asked for in a handshake.',
      '_acme-challenge.orders.dev.example.test',
    ),
    value: told(
      z.string(),
      'What stands there; of a handshake, that whose SHA-256 its certificate holds.',
      'LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0',
    ),
    zone: told(z.string().nullable(), 'The zone that it was written in; null where it stands in no DNS.', 'example.test'),
    putAt: told(timestamp, 'Since when it is to stand there.'),
  }),
  'A proof of control that stands for the order now; it is taken back when the order ends, an alias once nobody wants the certificate.',
);

const waiting = named(
  'OrderWaiting',
  z.object({
    message: told(z.string(), 'What it waits for.', 'The CA has the order, and has not signed yet.'),
    movesNext: told(z.string(), 'Who moves next.', 'the issuer'),
    askAgainAt: told(timestamp.nullable(), 'Before when the issuer does not want to be asked again; null where it named no time.'),
  }),
  'What an order waits for.',
);

export const certificateOrder = named(
  'CertificateOrder',
  z.object({
    id,
    issuer: told(z.string(), 'Short name of the issuer that it was placed with.', 'lets-encrypt'),
    state: told(named('OrderState', z.enum(orderStates), 'Where an order is in its life.'), 'Where it is.', 'open'),
    names: told(z.array(z.string()), 'The names that it is for.', ['orders.dev.example.test']),
    reference: told(z.string().nullable(), 'The order at the issuer; null where it has none there.', 'https://ca.example/order/1'),
    waitsFor: told(waiting.nullable(), 'What an open order waits for; null where it is closed, or nothing was said yet.'),
    refusal: told(
      z.string().nullable(),
      'Why it was refused for good; null where it was not.',
      'The CA refused: the name is on its list of blocked names.',
    ),
    unavailableSince: told(timestamp.nullable(), 'Since when the issuer cannot be asked, or takes no more; null where it answered last.'),
    proofs: told(z.array(proof), 'What was put where the issuer looks.'),
    said: told(said.nullable(), 'What the issuer said; null where it signs at once, or was not asked yet.'),
    placedAt: told(timestamp, 'When it was placed.'),
    closedAt: told(timestamp.nullable(), 'When it ended; null while it is open.'),
  }),
  'An order of a certificate, and what keeps it from being one.',
);
export type CertificateOrderView = z.output<typeof certificateOrder>;

export const lastOrder = named(
  'LastOrder',
  z.object({ order: told(certificateOrder.nullable(), 'The last one; null where none was placed.') }),
  'The order of the certificate of an endpoint that was placed last.',
);
