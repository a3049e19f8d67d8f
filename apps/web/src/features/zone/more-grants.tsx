import type { ZoneDetail } from '@hostmaster/core/contract/zone';
import { TextLink } from '@/components/ui/link';

/** Where a zone has more grants than its page shows: how many, and where they all are. */
export const MoreGrants = ({ zone: { id, grants, grantsTotal } }: { zone: Pick<ZoneDetail, 'id' | 'grants' | 'grantsTotal'> }) =>
  grantsTotal > grants.length && (
    <span className="block">
      The first {grants.length} of {grantsTotal.toLocaleString('en-US')};{' '}
      <TextLink href={{ pathname: '/grants', query: { zone: id } }}>look at all of them</TextLink>
    </span>
  );
