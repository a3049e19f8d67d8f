import type { KeptCertificate } from '@hostmaster/core/contract/certificate';
import { Fact, Facts } from '@/components/ui/card';
import { Time } from '@/components/ui/time';

const eligibility = (eligible: boolean | null): string =>
  eligible === null ? 'it does not say' : eligible ? 'by the issuer, for as long as it is in use' : 'by nobody';

/** What its issuer keeps, and what was last seen of it there. */
export const Kept = ({ kept }: { kept: KeptCertificate }) => (
  <Facts>
    <Fact name="Known there as" mono>
      <span className="break-all text-xs">{kept.reference}</span>
    </Fact>
    {kept.removedAt === null ? (
      <>
        <Fact name="In use by">
          {kept.inUseBy.length === 0
            ? 'nothing'
            : kept.inUseBy.map((each) => (
                <span key={each} className="name block break-all text-xs">
                  {each}
                </span>
              ))}
        </Fact>
        <Fact name="Renewed">
          {eligibility(kept.eligible)}
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
