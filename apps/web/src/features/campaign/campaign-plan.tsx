import type { CampaignAction } from '@hostmaster/core/campaign/state';
import type { CampaignPlan } from '@hostmaster/core/contract/campaign';
import type { ReactNode } from 'react';
import { Callout } from '@/components/ui/callout';
import { Fact, Facts, Section } from '@/components/ui/card';
import { grouped, plural } from '@/lib/format/text';
import { span } from '@/lib/format/time';
import { campaignTitle } from './campaign-words';

/** What would be done, and below it the way to start it. */
export const PlanOf = ({ plan, action, children }: { plan: CampaignPlan; action: CampaignAction; children: ReactNode }) => (
  <Section title={`The plan: ${campaignTitle({ action, planned: plan.total }).toLowerCase()}`} note="as it is now">
    <div className="grid gap-5">
      {plan.warnings.map((warning) => (
        <Callout key={warning} state="wait" title={warning} />
      ))}
      {plan.fourEyes && (
        <Callout state="wait" title="A second person has to start it.">
          It revokes {plural(plan.others, 'certificate')} of teams that you are not in.
        </Callout>
      )}
      {plan.total > 0 && (
        <div className="grid gap-6 md:grid-cols-2">
          <Facts className="content-start">
            <Fact name="Certificates">{grouped(plan.total)}</Fact>
            <Fact name="Takes">at least {span(plan.minutes * 60_000)} at this pace</Fact>
            <Fact name="Keys of requesters">{plan.requesterKeys === 0 ? 'none' : grouped(plan.requesterKeys)}</Fact>
            {plan.issuers.map(({ issuer, count }) => (
              <Fact key={issuer ?? ''} name="Asked next">
                {issuer === null ? 'nobody may sign' : <code className="data">{issuer}</code>}, {plural(count, 'certificate')}
              </Fact>
            ))}
          </Facts>
          <div>
            <p className="mb-1.5 text-ink-3 text-sm">
              {plan.teamCount > plan.teams.length
                ? `The ${plan.teams.length} teams with the most, of ${grouped(plan.teamCount)}`
                : 'By team'}
            </p>
            <Facts>
              {plan.teams.map(({ team, count }) => (
                <Fact key={team} name={team}>
                  <span className="tabular-nums">{grouped(count)}</span>
                </Fact>
              ))}
            </Facts>
          </div>
        </div>
      )}
      {children}
    </div>
  </Section>
);
