'use client';
// "Request a name", and changing one that is live: at most four questions, the verdict and the plan while they are answered,
// and nothing lost whatever the server says.
import type { EndpointContract } from '@hostmaster/core/contract/endpoint';
import type { KeyboardEvent } from 'react';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Empty } from '@/components/ui/empty';
import { Field } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { Link } from '@/components/ui/link';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Restored } from '@/components/ui/restored';
import { useMe } from '@/features/account/use-me';
import { TeamField } from '@/features/team/team-field';
import type { FirstStep } from './first-step';
import { FormEnd } from './form-end';
import { MoreFields } from './more-fields';
import { NameField } from './name-field';
import { offeredChallenges } from './offered-challenges';
import { PlanAside } from './plan-aside';
import { TargetField } from './target-field';
import { useFirstStep } from './use-first-step';
import { useRequestForm } from './use-request-form';

type Props = {
  hostname?: string;
  /** What was asked for before and is asked for again, with what is to be otherwise. */
  again?: EndpointContract;
  /** The contract of a live name that is to change, and the zone it stands in. */
  change?: { contract: EndpointContract; zone: string };
};

export function RequestForm(props: Props) {
  const step = useFirstStep();
  // A name that is there may be changed, or at least be looked at, whatever is granted now.
  return step === null || props.change ? <FilledForm {...props} /> : <Before step={step} />;
}

const Before = ({ step: { title, text, to } }: { step: FirstStep }) => (
  <Card>
    <Empty
      title={title}
      action={
        to && (
          <Button asChild look="primary">
            <Link href={to.href}>{to.label}</Link>
          </Button>
        )
      }
    >
      {text}
    </Empty>
  </Card>
);

function FilledForm({ hostname = '', again, change }: Props) {
  const me = useMe();
  const { form, values, draft, verdict, at, refused, failed, ofName, marked, busy, kept, send } = useRequestForm({
    hostname,
    again,
    change: change?.contract,
  });
  const { control, register, handleSubmit } = form;
  const sendByKey = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    event.currentTarget.requestSubmit();
  };
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_23.5rem]">
      <Card className="p-4 sm:p-6">
        <Form
          sending={busy}
          aria-label={change ? 'Change' : 'Request a name'}
          onKeyDown={sendByKey}
          onSubmit={handleSubmit(send)}
          className="grid grid-cols-1 gap-5"
        >
          <Restored draft={kept} />
          <NameField
            control={control}
            change={change}
            team={values.team}
            verdict={verdict}
            ofName={ofName}
            marked={marked}
            at={at}
            refused={failed !== null}
            setHostname={(hostname) => form.setValue('hostname', hostname, { shouldDirty: true })}
          />
          {/* Nobody is asked who has but one. */}
          {!change && me.teams.length > 1 && <TeamField control={control} name="team" teams={me.teams} problems={at('team')} />}
          <TargetField control={control} register={register} pointsTo={values.pointsTo} clusters={me.clusters} problems={at('target')} />
          {values.pointsTo !== 'certificateOnly' && (
            <Field
              label="Health path"
              problems={at('routing.healthPath')}
              hint="Asked over HTTPS on the real name; anything below 400 is healthy."
            >
              {(props) => <Input {...props} {...register('healthPath')} className="data" spellCheck={false} />}
            </Field>
          )}
          <MoreFields
            control={control}
            register={register}
            values={values}
            environments={me.environments}
            sources={me.sources}
            challenges={offeredChallenges(me, values)}
            at={at}
            fixedView={change !== undefined}
          />
          {refused && <ProblemPanel problem={refused} />}
          <FormEnd draft={draft} change={change !== undefined} busy={busy} />
        </Form>
      </Card>
      <PlanAside verdict={verdict} healthPath={values.pointsTo === 'certificateOnly' ? null : values.healthPath} />
    </div>
  );
}
