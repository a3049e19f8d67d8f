// What somebody does who shall trust the certificates that are made here: compare, install, check. For people without an account, too.
import type { Trust } from '@hostmaster/usecases/issuer/read-trust';
import { Section } from '@/components/ui/card';
import { Code } from '@/components/ui/code';
import { Empty } from '@/components/ui/empty';
import { brief } from '@/lib/format/text';
import { date } from '@/lib/format/time';
import { checkCommand, fingerprintCommand } from './snippets';
import { Snippets } from './snippets-view';

const stores = [
  ['root.pem', 'PEM'],
  ['root.p12', 'PKCS #12'],
  ['root.jks', 'JKS'],
  ['root.p7b', 'PKCS #7'],
] as const;

/** @param base where the files are, without the last slash */
export function TrustPage({ trust: { roots, samples }, base }: { trust: Trust; base: string }) {
  const aliases = roots.map(({ alias }) => alias);
  if (aliases.length === 0)
    return (
      <Section title="Roots">
        <Empty title="No root yet">A worker makes one when it first starts.</Empty>
      </Section>
    );
  return (
    <div className="grid grid-cols-1 gap-4">
      <Section
        title={roots.length === 1 ? '1 · The root' : `1 · ${roots.length} roots`}
        note={`Compare ${roots.length === 1 ? 'the fingerprint' : 'each fingerprint'} with what you fetched.`}
      >
        <ul className="grid gap-4">
          {roots.map(({ alias, subject, fingerprint, notAfter }) => (
            <li key={alias} className="grid gap-1 text-sm">
              <p className="font-[560] [overflow-wrap:anywhere]">
                {subject} {roots.length > 1 && <span className="data text-ink-3 text-xs">{brief(fingerprint)}</span>}
              </p>
              <p className="data text-ink-2 text-xs [overflow-wrap:anywhere]">SHA-256 {fingerprint}</p>
              <p className="text-ink-3 text-xs">
                until {date(notAfter.toISOString())} ·{' '}
                <a href={`/pki/${alias}.crt`} className="rounded-[3px] text-accent underline" download>
                  {alias}.crt
                </a>
              </p>
            </li>
          ))}
        </ul>
        <Code text={fingerprintCommand(base, aliases)} label="how the fingerprint is shown" className="mt-4" wrap />
        <p className="mt-4 text-ink-2 text-sm">
          {roots.length === 1 ? 'For programs' : 'All of them'}, as{' '}
          {stores.map(([file, label], index) => (
            <span key={file}>
              {index > 0 && (index === stores.length - 1 ? ' or ' : ', ')}
              <a href={`/pki/${file}`} className="rounded-[3px] text-accent underline" download>
                {label}
              </a>
            </span>
          ))}
          . The stores have the password <code className="data">changeit</code>, which keeps nothing secret.
        </p>
      </Section>
      <Section title="2 · Install">
        <p className="mb-4 text-ink-2 text-sm">In the folder with what was fetched and compared: nothing is fetched once more.</p>
        <Snippets aliases={aliases} />
      </Section>
      {samples.length > 0 && (
        <Section title="3 · Check whether this host trusts us">
          <Code text={checkCommand(base, samples)} label="how a host is checked" wrap />
          <p className="mt-3 text-ink-2 text-sm">
            It says{' '}
            {samples.map((sample, index) => (
              <span key={sample}>
                {index > 0 && ' and '}
                <code className="data">{sample}.pem: OK</code>
              </span>
            ))}{' '}
            where the host trusts {samples.length === 1 ? 'the root above it' : 'the root above each'}, and{' '}
            <code className="data">unable to get local issuer certificate</code> where it does not.
          </p>
        </Section>
      )}
    </div>
  );
}
