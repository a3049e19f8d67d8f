import type { Certificate } from '@hostmaster/core/contract/certificate';
import { revocationReasonWords } from '@hostmaster/core/pki/issuer';
import { Callout } from '@/components/ui/callout';
import { Time } from '@/components/ui/time';

/** That it is revoked, since when, why and by whose wish; or that somebody asked for that, while it waits. */
export function Revocation({ certificate: { revoked, revocationAsked: asked } }: { certificate: Certificate }) {
  const wish = asked && (
    <>
      {asked.by} asked <Time at={asked.at} />, for {asked.reason}: {asked.comment}
    </>
  );
  if (revoked)
    return (
      <Callout state="bad" title={`Revoked: ${revocationReasonWords[revoked.reason]}.`} className="mb-4">
        Since <Time at={revoked.at} />, with the reason {revoked.reason}. {wish ?? 'Hostmaster did it by itself.'}
      </Callout>
    );
  if (!asked?.open) return null;
  return (
    <Callout state="wait" title={`${asked.by} asked to revoke this certificate; it is valid until that is done.`} className="mb-4">
      Asked <Time at={asked.at} />, for {asked.reason}: {asked.comment}
    </Callout>
  );
}
