// What the edge does with traffic before it reaches the service. Recorded and shown; nothing acts on it. A control that is
// left out was not decided: none has a default.
import { z } from 'zod';
import { cidr } from './network.ts';
import { named, told } from './told.ts';

export const edge = named(
  'Edge',
  z
    .strictObject({
      httpsRedirect: told(z.boolean(), 'Plain HTTP is answered with a redirect to HTTPS.', true),
      tlsPolicy: told(
        z
          .strictObject({
            minVersion: told(z.enum(['1.2', '1.3']), 'The oldest version of TLS that is spoken.', '1.2'),
            ciphers: told(z.enum(['intermediate', 'modern']), 'The cipher suites, by the names of the Mozilla guidelines.', 'intermediate'),
          })
          .partial(),
        'Which TLS the edge speaks.',
      ),
      hsts: told(z.boolean(), 'Browsers are told to use HTTPS alone (RFC 6797).', true),
      waf: told(z.enum(['enabled', 'disabled']), 'A web application firewall looks at requests.', 'enabled'),
      rateLimit: told(
        z.union([z.enum(['default', 'none']), z.number().int().min(1).max(1_000_000)], 'Give "default", "none" or requests a second.'),
        "The edge's own limit, none, or requests a second from one client.",
        100,
      ),
      maxBody: told(
        z.string().regex(/^[1-9][0-9]{0,8}[kmg]?$/, 'Give a size such as 512k, 1m or 2g.'),
        'The largest body of a request: bytes, or with k, m or g.',
        '1m',
      ),
      headerNormalization: told(z.boolean(), 'Headers that could be read in two ways are cleaned or refused.', true),
      sources: told(
        z.union([z.literal('any'), z.array(cidr).min(1).max(64)], 'Give "any" or a list of ranges.'),
        'Who may connect.',
        'any',
        ['10.0.0.0/8'],
      ),
      botProtection: told(z.boolean(), 'Automated clients are told from people.', false),
      ddosProtection: told(z.enum(['upstream', 'none']), 'Whether floods are absorbed before they reach the edge.', 'upstream'),
      auth: told(z.enum(['edge', 'gateway', 'application']), 'Who asks clients who they are.', 'application'),
    })
    .partial(),
  'Recorded only: what the edge does with traffic before it reaches the service.',
);
