import { ttlSeconds } from '@hostmaster/core/dns/ttl';
import { viewWords } from '@/features/name/views';
import { plural } from '@/lib/format/text';
import { type FormValues, listOf } from './form-values';
import { keyWords, sourceWords, terminationWords } from './options';

/** What the folded fields say, in one line: each that always says something, and of the others those that hold anything. */
export function summaryOf(values: FormValues): string {
  const { view, ttl, ttlSeconds: typed, termination, source, csr, key } = values;
  const names = listOf(values.extraNames).length;
  return [
    `${viewWords[view].toLowerCase()} view`,
    ...(values.environment === '' ? [] : [`environment ${values.environment}`]),
    `TTL ${ttl === 'seconds' ? typed || '?' : ttlSeconds[ttl]} s`,
    termination === 'none' ? 'no TLS' : `TLS ends at the ${terminationWords[termination].toLowerCase()}`,
    ...(termination === 'none' ? [] : [sourceWords[source], csr.trim() === '' ? keyWords[key] : 'your own key', 'renews by itself']),
    ...(names === 0 ? [] : [plural(names, 'subject alternative name')]),
    ...(values.port.trim() === '' ? [] : [`port ${values.port.trim()}`]),
    ...(values.escalation.trim() === '' ? [] : [`escalation ${values.escalation.trim()}`]),
    ...(values.justification.trim() === '' ? [] : ['with a reason']),
  ].join(' · ');
}
