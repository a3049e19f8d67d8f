// What the edge does with traffic before it reaches the service. Recorded and shown; nothing acts on it. A control that is
// left out was not decided: none has a default.
import { z } from 'zod';
import { cidr } from './network.ts';

export const edge = z
  .strictObject({
    httpsRedirect: z.boolean().describe('Plain HTTP is answered with a redirect to HTTPS.'),
    tlsPolicy: z
      .strictObject({
        minVersion: z.enum(['1.2', '1.3']).describe('The oldest version of TLS that is spoken.'),
        ciphers: z.enum(['intermediate', 'modern']).describe('The cipher suites, by the names of the Mozilla guidelines.'),
      })
      .partial(),
    hsts: z.boolean().describe('Browsers are told to use HTTPS alone (RFC 6797).'),
    waf: z.enum(['enabled', 'disabled']).describe('A web application firewall looks at requests.'),
    rateLimit: z
      .union([z.enum(['default', 'none']), z.number().int().min(1).max(1_000_000)], 'Give "default", "none" or requests a second.')
      .describe("The edge's own limit, none, or requests a second from one client."),
    maxBody: z
      .string()
      .regex(/^[1-9][0-9]{0,8}[kmg]?$/, 'Give a size such as 512k, 1m or 2g.')
      .describe('The largest body of a request: bytes, or with k, m or g.'),
    headerNormalization: z.boolean().describe('Headers that could be read in two ways are cleaned or refused.'),
    sources: z.union([z.literal('any'), z.array(cidr).min(1).max(64)], 'Give "any" or a list of ranges.').describe('Who may connect.'),
    botProtection: z.boolean().describe('Automated clients are told from people.'),
    ddosProtection: z.enum(['upstream', 'none']).describe('Whether floods are absorbed before they reach the edge.'),
    auth: z.enum(['edge', 'gateway', 'application']).describe('Who asks clients who they are.'),
  })
  .partial()
  .describe('Recorded only: what the edge does with traffic before it reaches the service.');
