import { ttlSeconds } from '@hostmaster/core/dns/ttl';
import { sourceTraits, takesBrought } from '@hostmaster/core/pki/source-traits';
import { viewWords } from '@/features/name/views';
import { plural } from '@/lib/format/text';
import { type FormValues, listOf } from './form-values';
import { keyWords, sourceWords, terminationWords } from './options';

const whatItHas = ({ termination, source, csr, key, lifetime }: FormValues): readonly string[] =>
  takesBrought({ tls: { termination, source } })
    ? ['with its key', 'your team brings the next one']
    : [
        csr.trim() === '' ? keyWords[key] : 'your own key',
        ...(lifetime.trim() === '' ? [] : [/^\d+$/.test(lifetime.trim()) ? `${lifetime.trim()} days` : lifetime.trim()]),
        'renews by itself',
      ];

/** What it holds beside names and key; nothing where its source says that. */
function whatItHolds({ termination, source, usages, certificateAddresses, spiffeId, mustStaple }: FormValues): readonly string[] {
  if (termination === 'none' || sourceTraits[source].content.length === 0) return [];
  const addresses = listOf(certificateAddresses).length;
  return [
    ...(usages === 'server' ? [] : [usages === 'both' ? 'for clients, too' : 'for a client alone']),
    ...(addresses === 0 ? [] : [plural(addresses, 'IP address', 'IP addresses')]),
    ...(spiffeId.trim() === '' ? [] : ['a SPIFFE ID']),
    ...(mustStaple && sourceTraits[source].content.includes('mustStaple') ? ['must-staple'] : []),
  ];
}

/** What the folded fields say, in one line: each that always says something, and of the others those that hold anything. */
export function summaryOf(values: FormValues): string {
  const { view, ttl, ttlSeconds: typed, termination, source } = values;
  const alone = values.pointsTo === 'certificateOnly';
  const names = listOf(values.extraNames).length;
  return [
    `${viewWords[view].toLowerCase()} view`,
    ...(values.environment === '' ? [] : [`environment ${values.environment}`]),
    ...(alone ? [] : [`TTL ${ttl === 'seconds' ? typed || '?' : ttlSeconds[ttl]} s`]),
    ...(alone ? [] : [termination === 'none' ? 'no TLS' : `TLS ends at the ${terminationWords[termination].toLowerCase()}`]),
    ...(termination === 'none' ? [] : [sourceWords[source], ...whatItHas(values)]),
    ...whatItHolds(values),
    ...(names === 0 ? [] : [plural(names, 'subject alternative name')]),
    ...(alone || values.port.trim() === '' ? [] : [`port ${values.port.trim()}`]),
    ...(values.escalation.trim() === '' ? [] : [`escalation ${values.escalation.trim()}`]),
    ...(values.justification.trim() === '' ? [] : ['with a reason']),
  ].join(' · ');
}
