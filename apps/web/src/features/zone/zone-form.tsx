'use client';
// "Connect a zone": where it is kept and what may change it there. The connection is tested first, and the zone connected after that.
import type { DnsProviderRow } from '@hostmaster/core/contract/zone';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { Controller, FormProvider, useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Empty } from '@/components/ui/empty';
import { Field, FieldGroup } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { Link } from '@/components/ui/link';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Restored } from '@/components/ui/restored';
import { Segmented } from '@/components/ui/segmented';
import { useMe } from '@/features/account/use-me';
import { ConnectionFields } from '@/features/connection/connection-fields';
import { nextStep, TrialFindings, useTrial } from '@/features/connection/trial';
import { viewOptions } from '@/features/name/views';
import { TeamField } from '@/features/team/team-field';
import { useNoTeam, useTeams } from '@/features/team/use-teams';
import { refusalProblems } from '@/lib/field-problems';
import { useTRPC } from '@/lib/trpc';
import { useDraft } from '@/lib/use-draft';
import { everyServer } from './test-connection';
import { useProviders } from './use-provider';
import { ZoneDefaults } from './zone-defaults';
import { emptyZone, type ZoneFormValues, zoneDraftOf, zoneFields, zoneTrialDraftOf } from './zone-form-values';

export function ZoneForm() {
  const noTeam = useNoTeam();
  const providers = useProviders();
  return noTeam ? <NoTeam /> : <ConnectForm providers={providers} />;
}

const NoTeam = () => (
  <Empty
    title="A zone has a team that answers for it"
    action={
      <Button asChild look="primary">
        <Link href="/teams">Add a team</Link>
      </Button>
    }
  >
    There is no team yet: add one first, and connect the zone afterwards.
  </Empty>
);

function ConnectForm({ providers }: { providers: readonly DnsProviderRow[] }) {
  const router = useRouter();
  const me = useMe();
  const teams = useTeams();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const form = useForm<ZoneFormValues>({ defaultValues: emptyZone(me.teams[0]?.slug ?? '', providers[0]) });
  const { control, register, handleSubmit } = form;
  const kept = useDraft(form, 'connect a zone', ['secret']);
  const values = form.watch();
  const provider = providers.find((each) => each.kind === values.kind);
  const trial = useTrial(zoneTrialDraftOf(values, provider), trpc.zones.try.mutationOptions());
  const create = useMutation(
    trpc.zones.create.mutationOptions({
      onSuccess: (zone) => {
        kept.sent();
        toast.success(`The zone ${zone.apex} is connected; its first reading is under way.`);
        void queries.invalidateQueries(trpc.zones.pathFilter());
        void queries.invalidateQueries(trpc.account.home.queryFilter());
        router.push(`/zones/${zone.id}`);
      },
      onError: trial.lapse,
    }),
  );
  const refusal = create.error ? { error: create.error, sent: create.variables } : { error: trial.error, sent: trial.sent };
  const { at, rest } = refusalProblems(zoneFields, { ...refusal, values: zoneDraftOf(values, provider) });
  const text = { spellCheck: false, autoCapitalize: 'none', autoComplete: 'off' } as const;
  return (
    <FormProvider {...form}>
      <Card className="max-w-3xl p-4 sm:p-6">
        <Form
          sending={create.isPending || trial.state === 'working'}
          className="grid gap-5"
          onSubmit={handleSubmit((filled) => {
            if (create.isPending || trial.state === 'working') return;
            create.reset();
            if (trial.ready) create.mutate({ ...zoneDraftOf(filled, provider), ...trial.proof });
            else trial.start();
          })}
        >
          <Restored draft={kept} />
          <div className="grid gap-5 sm:grid-cols-2">
            <Field
              label="Zone"
              problems={at('apex')}
              hint="The name at its apex; it may hold underscores, and a slash in reverse zones (RFC 2317)."
            >
              {(props) => <Input {...props} {...text} {...register('apex')} className="name" placeholder="corp.example.com" />}
            </Field>
            <TeamField
              control={control}
              name="ownerTeam"
              label="Owner"
              hint="The team that answers for the zone."
              teams={teams}
              problems={at('ownerTeam')}
            />
          </div>
          <FieldGroup label="View" problems={at('view')} hint="Who can resolve names in it.">
            <Controller
              control={control}
              name="view"
              render={({ field }) => <Segmented label="View" value={field.value} onChange={field.onChange} options={viewOptions} />}
            />
          </FieldGroup>
          {provider && <ConnectionFields kinds={providers} chosen={provider} label="Provider" at={at} />}
          <ZoneDefaults control={control} register={register} environments={me.environments} at={at} />
          <TrialFindings
            trial={trial}
            checks={provider?.checks ?? []}
            besides={everyServer}
            anyway="Connect it all the same. No name in it goes live before the connection works."
          />
          {rest && <ProblemPanel problem={rest} />}
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <Button
              type="submit"
              look="primary"
              busy={create.isPending ? 'Connecting…' : trial.state === 'working' && 'Asking the name server…'}
            >
              {nextStep(trial, 'Connect the zone')}
            </Button>
            {trial.state === 'untried' && (
              <p className="text-ink-3 text-sm">The connection is tested first; then the zone can be connected.</p>
            )}
          </div>
        </Form>
      </Card>
    </FormProvider>
  );
}
