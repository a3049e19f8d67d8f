// What a grant means for others, said before it is made: whose names stand below its suffix, who loses theirs, and where no zone is.
import type { GrantCheck } from '@hostmaster/core/contract/governance';
import { Callout } from '@/components/ui/callout';
import { Checkbox } from '@/components/ui/input';
import { listed, plural } from '@/lib/format/text';

type Below = GrantCheck['below'][number];

/** How many names of others would no longer be theirs to change. */
export const losing = ({ below }: Pick<GrantCheck, 'below'>): number => below.reduce((sum, each) => sum + each.losing, 0);

const named = ({ names, total }: Below): string => `${names.join(', ')}${total > names.length ? ` and ${total - names.length} more` : ''}`;

export function Reach({
  reach,
  team,
  suffix,
  confirmed,
  onConfirm,
}: {
  reach: GrantCheck;
  team: string;
  suffix: string;
  confirmed: boolean;
  onConfirm: (confirmed: boolean) => void;
}) {
  const { outside, below } = reach;
  const [lost, kept] = [below.filter((each) => each.losing > 0), below.filter((each) => each.losing === 0)];
  return (
    <>
      {outside.length > 0 && (
        <Callout state="wait" title={`No ${listed(outside)} zone holds ${suffix} yet.`}>
          Names below it can be asked for once one is connected.
        </Callout>
      )}
      {kept.length > 0 && (
        <Callout state="none" title="Names of other teams stand below it; nothing changes for them.">
          {kept.map((each) => (
            <p key={each.team}>
              {each.team}: {named(each)}
            </p>
          ))}
        </Callout>
      )}
      {lost.length > 0 && (
        <Callout state="bad" title={`${plural(losing(reach), 'name')} of other teams can no longer be changed by them.`}>
          {lost.map((each) => (
            <p key={each.team}>
              {each.team}: {named(each)}
            </p>
          ))}
          <p>
            What is live stays live. But the most specific suffix counts, and below {suffix} only {team} would be granted names. Grant it to{' '}
            {listed(lost.map((each) => each.team))} as well, or give a narrower suffix.
          </p>
          <Checkbox className="mt-2 text-ink" checked={confirmed} onChange={(event) => onConfirm(event.target.checked)}>
            Grant it all the same
          </Checkbox>
        </Callout>
      )}
    </>
  );
}
