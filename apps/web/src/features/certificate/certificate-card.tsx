// The certificates of one endpoint: the one in use with its chain and what is left of it, and the line it stands in, each
// certificate drawn to scale so that one sees who followed whom and when the next is due.

import type { EndpointDetail } from '@hostmaster/core/contract/endpoint-view';
import { isInUse } from '@hostmaster/core/pki/certificate-state';
import { Fact, Facts, Section } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { Status } from '@/components/ui/mark';
import { Time } from '@/components/ui/time';
import { brief, plural } from '@/lib/format/text';
import { endOf, exact } from '@/lib/format/time';
import { Chain } from './chain';
import { KeyLine } from './key-line';
import { Lineage } from './lineage';
import { OnWire } from './on-wire';
import { Renewal } from './renewal';
import { isNear, urgencyMarks, urgencyWords } from './urgency';

type Certificate = EndpointDetail['certificates'][number];

export function CertificateCard({
  certificates,
  termination,
  leaving,
  brought,
}: {
  certificates: readonly Certificate[];
  termination: string;
  /** The name is on its way out, or gone: none is issued any more. */
  leaving: boolean;
  /** Its team brings them. */
  brought: boolean;
}) {
  const current =
    certificates.find(({ state }) => state === 'served') ?? certificates.find(({ state }) => state === 'issued') ?? certificates[0];
  if (!current)
    return (
      <Section title="Certificate">
        <p className="text-ink-2 text-sm">
          {termination === 'none'
            ? 'The contract asks for no TLS.'
            : leaving
              ? 'None was issued.'
              : brought
                ? 'None yet; its team imports one.'
                : 'None yet; it is issued once the records are verified.'}
        </p>
      </Section>
    );
  return (
    <Section
      title="Certificate"
      note={
        <Link href={`/certificates/${current.serial}`} className="data rounded-[3px] text-accent hover:underline" title={current.serial}>
          {brief(current.serial)}
        </Link>
      }
    >
      <div className="grid gap-4">
        <Lineage certificates={certificates} />
        <Facts>
          <Fact name="State">
            <OnWire certificate={current} />
            {current.seen && <span className="block text-ink-2 text-sm">{current.seen.message}</span>}
          </Fact>
          <Fact name="Expires">
            <Status state={isInUse(current.state) ? urgencyMarks[current.urgency] : 'none'}>
              <span title={exact(current.notAfter)}>
                {isNear(current.daysLeft) ? <Time at={current.notAfter} /> : expiryWords(current.daysLeft)}, {endOf(current)}
              </span>
              {current.urgency !== 'none' && `, ${urgencyWords[current.urgency].toLowerCase()}`}
            </Status>
          </Fact>
          <Fact name="Renews">
            <Renewal after={current.renewAfter} over={!isInUse(current.state)} brought={current.brought} />
          </Fact>
          <Fact name="Issuer">{current.issuer}</Fact>
          <Fact name="Names">
            {current.names.map((name) => (
              <span key={name} className="name block text-xs">
                {name}
              </span>
            ))}
          </Fact>
          <Fact name="Key">
            <KeyLine certificate={current} />
          </Fact>
        </Facts>
        <Chain chain={current.chain} />
      </div>
    </Section>
  );
}

/** "in 89 days", "3 days ago". */
const expiryWords = (daysLeft: number): string => (daysLeft > 0 ? `in ${plural(daysLeft, 'day')}` : `${plural(-daysLeft, 'day')} ago`);
