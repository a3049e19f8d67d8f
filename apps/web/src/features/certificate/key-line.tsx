import type { Certificate } from '@hostmaster/core/contract/certificate';
import { Time } from '@/components/ui/time';
import { keyWords } from '@/lib/format/text';

/** What its key is, and who has it. */
export const KeyLine = ({ certificate: { keyAlgorithm, keyHolder, keyTaken } }: { certificate: Certificate }) => (
  <>
    {keyWords(keyAlgorithm)}, {keyHolder === 'requester' ? 'held by the requester' : 'made here'}
    {keyTaken && (
      <span className="block">
        taken away by {keyTaken.by} <Time at={keyTaken.at} />; where it is lost, a revocation as superseded brings another
      </span>
    )}
  </>
);
