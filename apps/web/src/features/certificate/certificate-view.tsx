'use client';
import type { CertificateDetail } from '@hostmaster/core/contract/certificate';
import { isInUse } from '@hostmaster/core/pki/certificate-state';
import { objectIdentifiers as id } from '@hostmaster/core/pki/object-identifiers';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Fact, Facts, Section } from '@/components/ui/card';
import { Code } from '@/components/ui/code';
import { DownloadButton } from '@/components/ui/download-button';
import { Link } from '@/components/ui/link';
import { Status } from '@/components/ui/mark';
import { PageHeader } from '@/components/ui/page-header';
import { Time } from '@/components/ui/time';
import { NameTitle } from '@/features/name/hostname';
import { endOf, period } from '@/lib/format/time';
import { useTRPC } from '@/lib/trpc';
import { Chain } from './chain';
import { Kept } from './kept';
import { KeyExportDialog } from './key-export-dialog';
import { KeyLine } from './key-line';
import { LifetimeMeter } from './lifetime-meter';
import { OnWire } from './on-wire';
import { Renewal } from './renewal';
import { Revocation } from './revocation';
import { RevokeDialog } from './revoke-dialog';
import { urgencyMarks, urgencyWords } from './urgency';

/** What its key proves (RFC 5280 §4.2.1.12), as the leaf says; empty where it says nothing. */
const usedFor = ({ extensions: [ofLeaf = []] }: CertificateDetail): string =>
  ofLeaf.flatMap(({ oid, lines }) => (oid === id.extendedKeyUsage ? lines : [])).join(', ');

export function CertificateView({ serial }: { serial: string }) {
  const trpc = useTRPC();
  const { data: certificate } = useSuspenseQuery({ ...trpc.certificates.get.queryOptions({ serial }), refetchInterval: 15_000 });
  const name = certificate.names[0] ?? certificate.serial;
  return (
    <>
      <PageHeader
        crumb={{ href: '/certificates', label: 'Certificates' }}
        title={<NameTitle name={name} />}
        sub={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <OnWire certificate={certificate} className="font-[560]" />
            <span className="data break-all">{certificate.serial}</span>
          </span>
        }
        actions={
          <>
            <DownloadButton text={certificate.chainPem} filename={`${name}.chain.pem`} label="Download the chain" />
            <Button asChild>
              <Link href={`/endpoints/${certificate.endpointId}`}>Open the endpoint</Link>
            </Button>
            <KeyExportDialog certificate={certificate} />
            {certificate.permissions.revoke && <RevokeDialog certificate={certificate} />}
          </>
        }
      />
      <Revocation certificate={certificate} />
      {certificate.revocationRefused && !certificate.revoked && (
        <Callout state="bad" title="This certificate is not revoked." className="mb-4">
          {certificate.issuer} refused <Time at={certificate.revocationRefused.at} />: {certificate.revocationRefused.reason} Have it
          revoked at the issuer by hand; until {endOf(certificate)}, whoever has its key can use it.
        </Callout>
      )}
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.25fr)]">
        <Section title="Certificate">
          <Facts>
            <Fact name="Left">
              <LifetimeMeter {...certificate} />
            </Fact>
            {isInUse(certificate.state) && (
              <Fact name="Urgency">
                <Status state={urgencyMarks[certificate.urgency]}>{urgencyWords[certificate.urgency]}</Status>
              </Fact>
            )}
            <Fact name="Valid">{period(certificate)}</Fact>
            <Fact name="Renews">
              <Renewal after={certificate.renewAfter} over={!isInUse(certificate.state)} brought={certificate.brought} />
            </Fact>
            <Fact name="Issuer">{certificate.issuer}</Fact>
            <Fact name="Team">
              {certificate.team} <span className="text-ink-3">{certificate.environment}</span>
            </Fact>
            <Fact name="Names">
              {namesOf(certificate).map((each) => (
                <span key={each} className="name block text-xs [overflow-wrap:anywhere]">
                  {each}
                </span>
              ))}
            </Fact>
            {usedFor(certificate) !== '' && <Fact name="Used for">{usedFor(certificate)}</Fact>}
            <Fact name="Key">
              <KeyLine certificate={certificate} />
            </Fact>
            <Fact name="Issued">
              <Time at={certificate.issuedAt} />
            </Fact>
            {certificate.servedAt && (
              <Fact name="First seen">
                <Time at={certificate.servedAt} />, on the wire
              </Fact>
            )}
            {certificate.seen && (
              <Fact name="Last looked">
                <Time at={certificate.seen.at} />, by Hostmaster: {certificate.seen.message}
              </Fact>
            )}
            <Fact name="SHA-256" mono>
              <span className="break-all text-xs">{certificate.fingerprint}</span>
            </Fact>
          </Facts>
        </Section>
        <div className="grid min-w-0 gap-4">
          {certificate.kept && (
            <Section title="At its issuer" note="which keeps it with its key">
              <Kept kept={certificate.kept} />
            </Section>
          )}
          <Section title="Chain" note="each signed by the next">
            <Chain chain={certificate.chain} extensions={certificate.extensions} detailed />
          </Section>
          <Section title="PEM" note="leaf first; no private key is in it">
            <Code text={certificate.chainPem} label="the chain in PEM" />
          </Section>
        </div>
      </div>
    </>
  );
}

/** The names that it was ordered for, and whatever else its leaf speaks for. */
const namesOf = ({
  names,
  chain,
}: {
  readonly names: readonly string[];
  readonly chain: readonly { readonly subjectAltNames: readonly string[] }[];
}): readonly string[] => [...names, ...(chain[0]?.subjectAltNames ?? []).filter((name) => !names.includes(name))];
