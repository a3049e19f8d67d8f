import type { Certificate } from '@hostmaster/core/contract/certificate';
import { Time } from '@/components/ui/time';
import { keyWords } from '@/lib/format/text';

const keyPlaces: Readonly<Record<Certificate['keyHolder'], string>> = {
  hostmaster: 'made here',
  requester: 'held by the requester',
  issuer: 'made and kept by the issuer',
};

/** What its key is, and who has it. */
export const KeyLine = ({ certificate: { keyAlgorithm, keyHolder, keyTaken, brought } }: { certificate: Certificate }) => (
  <>
    {keyWords(keyAlgorithm)}, {brought ? 'brought with it' : keyPlaces[keyHolder]}
    {keyTaken && (
      <span className="block">
        taken away by {keyTaken.by} <Time at={keyTaken.at} />
        {!brought && '; where it is lost, a revocation as superseded brings another'}
      </span>
    )}
  </>
);
