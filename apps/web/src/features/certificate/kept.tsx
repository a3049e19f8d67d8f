import type { KeptCertificate } from '@hostmaster/core/contract/certificate';
import { Fact, Facts } from '@/components/ui/card';
import { Time } from '@/components/ui/time';

const eligibility = ({ renewedBy, eligible }: KeptCertificate): string => {
  if (renewedBy === 'hostmaster') return 'by Hostmaster, under the same name there';
  return eligible === null ? 'it does not say' : eligible ? 'by the issuer, for as long as it is in use' : 'by nobody';
};

const Use = ({ by }: { by: KeptCertificate['inUseBy'] }) => {
  if (by === null) return 'its issuer does not say';
  if (by.length === 0) return 'nothing';
  return by.map((each) => (
    <span key={each} className="name block break-all text-xs">
      {each}
    </span>
  ));
};

/** What its issuer keeps, and what was last seen of it there. */
export const Kept = ({ kept }: { kept: KeptCertificate }) => (
  <Facts>
    <Fact name="Known there as" mono>
      <span className="break-all text-xs">{kept.reference}</span>
    </Fact>
    {kept.removedAt === null ? (
      <>
        <Fact name="In use by">
          <Use by={kept.inUseBy} />
        </Fact>
        <Fact name="Renewed">
          {eligibility(kept)}
          {kept.renewal && `; ${kept.renewal}`}
        </Fact>
      </>
    ) : (
      <Fact name="Deleted there">
        <Time at={kept.removedAt} />
      </Fact>
    )}
    {kept.why && <Fact name="Kept back">{kept.why}</Fact>}
    {kept.lookedAt && (
      <Fact name="Looked at">
        <Time at={kept.lookedAt} />
      </Fact>
    )}
  </Facts>
);
