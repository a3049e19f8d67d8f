import type { CertificateRow } from '@hostmaster/core/contract/certificate';
import { Status } from '@/components/ui/mark';
import { Time } from '@/components/ui/time';
import { wireOf } from './urgency';

/** The state of a certificate; of one that is in use, what the last look met and when that was. */
export function OnWire({
  certificate,
  brief,
  className,
}: {
  certificate: Pick<CertificateRow, 'state' | 'seen' | 'certificateOnly'>;
  /** In a row, which has no room for more. */
  brief?: boolean;
  className?: string;
}) {
  const { mark, text } = wireOf(certificate);
  if (brief && certificate.seen)
    return (
      <Status state={mark} className="whitespace-nowrap">
        {text.replace(' on the wire', '')} <Time at={certificate.seen.at} />
      </Status>
    );
  return (
    <Status state={mark} {...(className === undefined ? {} : { className })}>
      {text}
      {certificate.seen && (
        <>
          , <Time at={certificate.seen.at} />
        </>
      )}
    </Status>
  );
}
