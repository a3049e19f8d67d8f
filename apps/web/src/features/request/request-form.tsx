'use client';
// "Request a name", and changing one that is live: at most four questions, the verdict and the plan while they are answered,
// and nothing lost whatever the server says.
import type { EndpointContract } from '@hostmaster/core/contract/endpoint';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { Controller, useForm } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { CopyButton } from '@/components/ui/copy-button';
import { Empty } from '@/components/ui/empty';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Kbd } from '@/components/ui/kbd';
import { TextLink } from '@/components/ui/link';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Select } from '@/components/ui/select';
import { isPlatform, useMe } from '@/features/account/use-me';
import { NameTitle } from '@/features/name/hostname';
import { RulerLegend } from '@/features/name/name-ruler';
import { problemOf, type ShownProblem, type Violation } from '@/lib/problem';
import { useTRPC } from '@/lib/trpc';
import { asCurl, asYaml } from './as-code';
import { problemsFrom, stillOpen } from './field-problems';
import { draftOf, emptyForm, type FormValues, formOf } from './form-values';
import { MoreFields } from './more-fields';
import { NameInput } from './name-input';
import { PlanAside } from './plan-aside';
import { TargetField } from './target-field';
import { useVerdict } from './use-verdict';
import { Verdict } from './verdict';

type Props = {
  hostname?: string /** The contract of a live name that is to change. */;
  change?: { contract: EndpointContract; zone: string };
};

export function RequestForm(props: Props) {
  const me = useMe();
  if (me.teams.length === 0)
    return (
      <Card>
        <Empty title="Names belong to teams, and you are in none">
          {isPlatform(me) ? (
            <>
              Make one under <TextLink href="/teams">Teams</TextLink>; whoever makes a team is its first maintainer.
            </>
          ) : (
            'Ask a platform owner to add you to the team that will own the name.'
          )}
        </Empty>
      </Card>
    );
  return <FilledForm {...props} />;
}

function FilledForm({ hostname = '', change }: Props) {
  const me = useMe();
  const trpc = useTRPC();
  const router = useRouter();
  const queries = useQueryClient();
  const formElement = useRef<HTMLFormElement>(null);
  const { control, register, watch, handleSubmit, formState } = useForm<FormValues>({
    defaultValues: change ? formOf(me, change.contract) : emptyForm(me, hostname),
  });
  const values = watch();
  const draft = draftOf(change ? 'change' : 'create', values);
  const { result, violations, untargeted, unreadable, settled, error } = useVerdict(draft);
  const submit = useMutation(
    trpc.requests.create.mutationOptions({
      onSuccess: (request) => {
        queries.setQueryData(trpc.requests.get.queryKey({ id: request.id }), request);
        void queries.invalidateQueries(trpc.requests.list.queryFilter());
        void queries.invalidateQueries(trpc.account.home.queryFilter());
        router.push(`/requests/${request.id}`);
      },
    }),
  );
  const refused = submit.error ? stillOpen(problemOf(submit.error), submit.variables, draft) : null;
  const at = problemsFrom(violations, refused?.violations ?? []);
  const typedTarget = values.pointsTo === 'addresses' ? values.addresses : values.cname;
  const targetTyped = formState.touchedFields.addresses || formState.touchedFields.cname;
  const targetProblems = at('target');
  if (targetProblems.length === 0 && untargeted && targetTyped && typedTarget.trim() !== '')
    targetProblems.push({ reason: 'This is not an IPv4 or IPv6 address.', remedy: 'Separate several addresses by commas.' });

  useEffect(() => {
    if (submit.error) formElement.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [submit.error]);

  const submitByKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      formElement.current?.requestSubmit();
    }
  };
  const name = draft.contract.hostname;
  const zone = result?.reading?.zone?.apex ?? null;
  const granted = result?.reading?.granted?.suffix ?? null;

  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_23.5rem]">
      <Card className="p-4 sm:p-6">
        <form
          ref={formElement}
          noValidate
          aria-label={change ? 'Change' : 'Request a name'}
          onKeyDown={submitByKey}
          onSubmit={handleSubmit(() => {
            if (!submit.isPending) submit.mutate(draft);
          })}
          className="grid grid-cols-1 gap-5"
        >
          {change ? (
            <div>
              <p className="font-[560] text-sm">Hostname</p>
              <NameTitle name={change.contract.hostname} zone={change.zone} />
            </div>
          ) : (
            <Field label="Hostname" problems={result ? [] : at('hostname')}>
              {(props) => (
                <Controller
                  control={control}
                  name="hostname"
                  render={({ field }) => (
                    <NameInput
                      {...props}
                      aria-invalid={violations.some((violation) => violation.path === 'hostname') || props['aria-invalid']}
                      {...field}
                      zone={zone}
                      granted={granted}
                      placeholder="orders.dev.example.com"
                    />
                  )}
                />
              )}
            </Field>
          )}
          <div className="-mt-2 grid gap-3.5">
            {result?.reading && name !== '' && <RulerLegend reading={result.reading} team={values.team} />}
            <Verdict
              result={result}
              violations={violations}
              settled={settled}
              error={error}
              may={change ? 'You may make this change.' : 'You may have this name.'}
              empty="Whether you may have the name, who owns its zone and how long it takes is said here while you type."
            />
          </div>
          {me.teams.length > 1 && !change && (
            <Field label="Team" problems={at('team')}>
              {(props) => (
                <Controller
                  control={control}
                  name="team"
                  render={({ field }) => (
                    <Select
                      {...props}
                      value={field.value}
                      onChange={field.onChange}
                      options={me.teams.map((team) => ({ value: team.slug, label: team.name, note: team.slug }))}
                    />
                  )}
                />
              )}
            </Field>
          )}
          <TargetField control={control} register={register} pointsTo={values.pointsTo} clusters={me.clusters} problems={targetProblems} />
          <Field
            label="Health path"
            problems={at('routing.healthPath')}
            hint="Asked over HTTPS on the real name; anything below 400 is healthy."
          >
            {(props) => <Input {...props} {...register('healthPath')} className="data" spellCheck={false} />}
          </Field>
          <MoreFields
            control={control}
            register={register}
            values={values}
            environments={me.environments}
            at={at}
            fixedView={change !== undefined}
          />
          {refused && <ProblemPanel problem={saidAbove(refused, violations)} />}
          <div className="flex flex-wrap items-center gap-2 pt-1">
            <Button type="submit" look="primary" busy={submit.isPending && 'Asking…'} className="max-w-full">
              <span className="truncate">{change ? 'Request this change' : name === '' ? 'Request the name' : `Request ${name}`}</span>
              <Kbd>⌘↵</Kbd>
            </Button>
            <CopyButton
              visible="curl"
              text={typeof window === 'undefined' ? '' : asCurl(window.location.origin, draft)}
              label="Copy as curl"
            />
            <CopyButton visible="YAML" text={asYaml(draft)} label="Copy as YAML" />
          </div>
        </form>
      </Card>
      <PlanAside
        result={result}
        violations={violations}
        untargeted={untargeted}
        unreadable={unreadable}
        settled={settled}
        healthPath={values.healthPath}
      />
    </div>
  );
}

/** What the verdict beside the name says already is not said twice. */
function saidAbove(problem: ShownProblem, shown: readonly Violation[]): ShownProblem {
  const violations = problem.violations.filter(
    ({ rule, reason }) => !shown.some((violation) => violation.rule === rule && violation.reason === reason),
  );
  if (violations.length > 0 || problem.violations.length === 0) return { ...problem, violations };
  return { ...problem, violations, detail: '', remedy: 'The reasons, each with its remedy, stand below the name.' };
}
