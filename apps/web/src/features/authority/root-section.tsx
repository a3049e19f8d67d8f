'use client';
import type { IntermediateAuthority, RootAuthority } from '@hostmaster/core/contract/authority';
import { Fact, Facts, Section } from '@/components/ui/card';
import { DownloadButton } from '@/components/ui/download-button';
import { Status } from '@/components/ui/mark';
import { Time } from '@/components/ui/time';
import { brief, keyWords, plural } from '@/lib/format/text';
import { RootActions } from './root-actions';
import { WaitingRequest } from './waiting-request';
import { stateOf, whereKept } from './words';

/** A root, and below it what it has signed and what waits for it. */
export function RootSection({ root, manages }: { root: RootAuthority; manages: boolean }) {
  const { mark, says } = stateOf(root);
  return (
    <Section
      title={root.name}
      note={
        <>
          <code className="data">{root.slug}</code> · SHA-256 <code className="data">{brief(root.certificate.fingerprint)}</code>
        </>
      }
      action={
        <div className="flex flex-wrap items-center justify-end gap-1">
          {manages && <RootActions root={root} />}
          <DownloadButton text={root.certificatePem} filename={`${root.slug}.pem`} label="Download" />
        </div>
      }
    >
      <Facts>
        <Fact name="State">
          <Status state={mark}>{says}</Status>
        </Fact>
        <Fact name="Key">
          {keyWords(root.certificate.keyAlgorithm)}, {root.keyHere ? whereKept(root) : 'kept elsewhere: whoever has it signs the CAs below'}
        </Fact>
        <Fact name="Ends">
          <Time at={root.certificate.notAfter} />
        </Fact>
        <Fact name="Subject" mono>
          {root.certificate.subject}
        </Fact>
        <Fact name="Fingerprint" mono>
          {root.certificate.fingerprint}
        </Fact>
        <Fact name="Revocations">
          <List of={root} brought={!root.keyHere} />
        </Fact>
        <Fact name="Below it">
          {root.validUntil === null ? (
            'no certificate is valid'
          ) : (
            <>
              {plural(root.certificates, 'valid certificate')}, the last one until <Time at={root.validUntil} />
            </>
          )}
        </Fact>
      </Facts>
      {root.requests.map((request) => (
        <WaitingRequest key={request.id} request={request} root={root} manages={manages} />
      ))}
      <ul aria-label={`CAs below ${root.name}`} className="mt-4 grid gap-3 border-line border-l-2 pl-4 empty:hidden">
        {root.intermediates.map((intermediate) => (
          <Intermediate key={intermediate.id} intermediate={intermediate} />
        ))}
      </ul>
    </Section>
  );
}

const Intermediate = ({ intermediate }: { intermediate: IntermediateAuthority }) => (
  <li className="min-w-0">
    <p className="mb-1 text-sm">
      <b className="font-[560]">{intermediate.name}</b> <code className="data text-ink-3 text-xs">{intermediate.slug}</code>
    </p>
    <Facts>
      <Fact name="Signs">
        {intermediate.revokedAt !== null ? (
          <Status state="bad">
            nothing: its root revoked it, seen <Time at={intermediate.revokedAt} />
          </Status>
        ) : intermediate.stoppedAt !== null ? (
          <Status state="none">
            nothing: stopped <Time at={intermediate.stoppedAt} />
          </Status>
        ) : intermediate.signsFor.length > 0 ? (
          <Status state="ok">for {intermediate.signsFor.join(', ')}</Status>
        ) : (
          <Status state="none">nothing now</Status>
        )}
      </Fact>
      <Fact name="Key">
        {keyWords(intermediate.certificate.keyAlgorithm)}, {intermediate.keyHere ? whereKept(intermediate) : 'kept elsewhere'}
      </Fact>
      <Fact name="Ends">
        <Time at={intermediate.certificate.notAfter} />
      </Fact>
      <Fact name="Only for">{intermediate.permittedSuffixes.join(', ')}</Fact>
      <Fact name="Valid">{plural(intermediate.certificates, 'certificate')}</Fact>
      <Fact name="Revocations">
        <List of={intermediate} brought={false} />
      </Fact>
    </Facts>
  </li>
);

type Listing = { of: Pick<RootAuthority, 'crlNumber' | 'crlNextUpdate'>; brought: boolean };

/** The list of what a CA has revoked, and when the next one is due. */
function List({ of: { crlNumber, crlNextUpdate }, brought }: Listing) {
  if (crlNextUpdate === null) return brought ? 'no list was brought yet' : 'the first list is made within a minute';
  return (
    <>
      list {crlNumber}, next <Time at={crlNextUpdate} />
    </>
  );
}
