'use client';
import type { CertificateExtension } from '@hostmaster/core/contract/certificate';
import { ChevronRight } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { useIssuers } from '@/features/issuer/use-issuers';
import { brief, keyWords, plural } from '@/lib/format/text';
import { endOf, period } from '@/lib/format/time';
import { type ChainCertificate, completeChain } from './complete-chain';

/** From the name up to the root, each signed by the next. What is served ends before the root; the issuers know it. */
type Shown = {
  chain: readonly ChainCertificate[];
  detailed?: boolean;
  /** Of the served ones, in their order. */
  extensions?: readonly (readonly CertificateExtension[])[];
};

export function Chain({ chain: served, detailed, extensions = [] }: Shown) {
  const issuers = useIssuers();
  const chain = completeChain(
    served,
    issuers.flatMap((issuer) => issuer.chain),
  );
  if (chain.length === 0) return null;
  return (
    <ol aria-label="Chain of certificates" className="grid">
      {chain.map((link, index) => (
        <li key={link.fingerprint} className="relative grid grid-cols-[0.75rem_minmax(0,1fr)] gap-x-3 pb-3 text-sm last:pb-0">
          <span aria-hidden className="relative mt-1.5 size-2.5 rounded-full border-2 border-granted bg-card" />
          {index < chain.length - 1 && (
            <span aria-hidden className="absolute top-4 bottom-[-0.375rem] left-1 w-0 border-granted/60 border-l-2" />
          )}
          <div className="min-w-0">
            <p className="flex flex-wrap items-baseline gap-x-2 break-words">
              {commonName(link.subject)}
              {link.subject === link.issuer && <Badge>root</Badge>}
            </p>
            <p className="text-ink-3 text-xs">
              {keyWords(link.keyAlgorithm)} · until {endOf(link)} · serial <span className="data">{brief(link.serial)}</span>
              {link.subject === link.issuer && (
                <>
                  {' '}
                  · SHA-256 <span className="data">{brief(link.fingerprint)}</span>
                </>
              )}
            </p>
            {detailed && (
              <dl className="mt-1.5 grid grid-cols-[5.5rem_1fr] gap-x-3 gap-y-0.5 text-xs">
                <dt className="text-ink-3">Subject</dt>
                <dd className="data break-all">{link.subject || '(empty)'}</dd>
                <dt className="text-ink-3">Issued by</dt>
                <dd className="data break-all">{link.issuer}</dd>
                <dt className="text-ink-3">Valid</dt>
                <dd>{period(link)}</dd>
                <dt className="text-ink-3">SHA-256</dt>
                <dd className="data break-all">{link.fingerprint}</dd>
                {link.subjectAltNames.length > 0 && (
                  <>
                    <dt className="text-ink-3">Names</dt>
                    <dd className="data break-all">{link.subjectAltNames.join(', ')}</dd>
                  </>
                )}
              </dl>
            )}
            {detailed && <Extensions all={extensions[index] ?? []} />}
          </div>
        </li>
      ))}
    </ol>
  );
}

/** Each extension as it says itself, below one line; nothing where none was read. */
function Extensions({ all }: { all: readonly CertificateExtension[] }) {
  if (all.length === 0) return null;
  return (
    <details className="group mt-1.5 text-xs">
      <summary className="inline-flex list-none items-center gap-1 rounded-sm text-ink-2 [&::-webkit-details-marker]:hidden">
        <ChevronRight className="size-3.5 text-ink-3 transition-transform group-open:rotate-90" aria-hidden />
        {plural(all.length, 'extension')}
      </summary>
      <dl className="mt-1.5 grid gap-2">
        {all.map(({ oid, name, critical, lines }) => (
          <div key={oid}>
            <dt className="flex flex-wrap items-baseline gap-x-2">
              <span className="font-[560]">{name}</span>
              {critical && <Badge>critical</Badge>}
              {name !== oid && <span className="data text-ink-3">{oid}</span>}
            </dt>
            <dd className="data mt-0.5 whitespace-pre-wrap text-ink-2 [overflow-wrap:anywhere]">{lines.join('\n')}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** The common name of a distinguished name, whichever way its parts are set apart, or all of it. */
const commonName = (subject: string): string =>
  /\bCN=(.+?)(?=,|\s+[A-Z]{1,2}=|$)/.exec(subject)?.[1] ?? (subject || 'named by its subject alternative names');
