import type { Me } from '@hostmaster/core/contract/account';
import { expect, it } from 'vitest';
import { emptyForm, type FormValues } from './form-values';
import { summaryOf } from './more-summary';

const me = { teams: [], clusters: [] } as unknown as Me;
const usual = 'public view · TTL 60 s · TLS ends at the edge · Internal CA · ECDSA P-256 · renews by itself';

it.each<[Partial<FormValues>, string]>([
  [{}, usual],
  [{ source: 'imported' }, 'public view · TTL 60 s · TLS ends at the edge · Imported · with its key · your team brings the next one'],
  [{ port: ' 8443 ' }, `${usual} · port 8443`],
  [{ lifetime: ' 7 ' }, usual.replace('renews', '7 days · renews')],
  [{ lifetime: '12h' }, usual.replace('renews', '12h · renews')],
  [{ extraNames: 'a.example.test\nb.example.test' }, `${usual} · 2 subject alternative names`],
  [
    { usages: 'both', certificateAddresses: '10.1.2.3, fd00::1', spiffeId: 'spiffe://a.test/b', mustStaple: true },
    `${usual} · for clients, too · 2 IP addresses · a SPIFFE ID · must-staple`,
  ],
  [{ usages: 'client', certificateAddresses: '10.1.2.3' }, `${usual} · for a client alone · 1 IP address`],
  [{ source: 'vault', usages: 'both', mustStaple: true }, `${usual.replace('Internal CA', 'Vault')} · for clients, too`],
  [{ termination: 'none' }, 'public view · TTL 60 s · no TLS'],
  [{ environment: 'dev' }, usual.replace('view', 'view · environment dev')],
  [{ escalation: '#oncall', justification: 'Because.' }, `${usual} · escalation #oncall · with a reason`],
])('the folded fields say what is in them, what came along from before too: %j', (more, said) =>
  expect(summaryOf({ ...emptyForm(me, ''), ...more })).toBe(said),
);
