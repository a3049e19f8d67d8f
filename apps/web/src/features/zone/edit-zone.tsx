'use client';
// "Edit": what is said of a zone, and, where that is wanted, where it is kept; that takes the secret anew, since nobody can read it.
import type { ZoneDetail } from '@hostmaster/core/contract/zone';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { FormProvider, useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Form } from '@/components/ui/form';
import { Checkbox } from '@/components/ui/input';
import { Link } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Restored } from '@/components/ui/restored';
import { useMe } from '@/features/account/use-me';
import { ConnectionFields } from '@/features/connection/connection-fields';
import { nextStep, TrialFindings, useTrial } from '@/features/connection/trial';
import { TeamField } from '@/features/team/team-field';
import { useTeams } from '@/features/team/use-teams';
import { refusalProblems } from '@/lib/field-problems';
import { nothingChanged } from '@/lib/nothing-changed';
import { useTRPC } from '@/lib/trpc';
import { useDraft } from '@/lib/use-draft';
import { everyServer } from './test-connection';
import { useProviders } from './use-provider';
import { ZoneSettingFields } from './zone-defaults';
import { valuesOf, type ZoneFormValues, zoneChangeOf, zoneFields, zoneTrialDraftOf } from './zone-form-values';

export function EditZone({ id }: { id: string }) {
  const trpc = useTRPC();
  // As it was when the form was opened: what somebody else changes meanwhile is a conflict, and not lost.
  const { data } = useSuspenseQuery({ ...trpc.zones.get.queryOptions({ id }), refetchOnWindowFocus: false });
  const [zone] = useState(data);
  return (
    <>
      <PageHeader
        crumb={{ href: `/zones/${id}`, label: zone.apex }}
        title={`Edit ${zone.apex}`}
        sub={<p>Its name stays, and so does its view: {zone.view}.</p>}
      />
      <EditForm zone={zone} />
    </>
  );
}

function EditForm({ zone }: { zone: ZoneDetail }) {
  const me = useMe();
  const teams = useTeams();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const providers = useProviders();
  const [reconnect, setReconnect] = useState(false);
  const providerOf = (kind: string) => providers.find((each) => each.kind === kind);
  const form = useForm<ZoneFormValues>({ defaultValues: valuesOf(zone, providerOf(zone.connection.kind)) });
  const { control, register, handleSubmit } = form;
  const kept = useDraft(form, `zone ${zone.id} ${zone.version}`, ['secret']);
  const values = form.watch();
  const provider = providerOf(values.kind) ?? providers[0];
  const trial = useTrial(zoneTrialDraftOf(values, provider), trpc.zones.try.mutationOptions());
  const update = useMutation(
    trpc.zones.update.mutationOptions({
      onSuccess: ({ version }) => {
        kept.sent();
        if (version === zone.version) toast.success(nothingChanged);
        else toast.success(reconnect ? `The zone ${zone.apex} is changed and read again.` : `The zone ${zone.apex} is changed.`);
        void queries.invalidateQueries(trpc.zones.pathFilter());
        router.push(`/zones/${zone.id}`);
      },
      onError: trial.lapse,
    }),
  );
  const refusal = update.error || !reconnect ? { error: update.error, sent: update.variables } : { error: trial.error, sent: trial.sent };
  const { at, rest } = refusalProblems(zoneFields, { ...refusal, values: zoneChangeOf(zone, values, provider, reconnect) });
  return (
    <FormProvider {...form}>
      <Card className="max-w-3xl p-4 sm:p-6">
        <Form
          sending={update.isPending || trial.state === 'working'}
          className="grid gap-5"
          onSubmit={handleSubmit((filled) => {
            if (update.isPending || trial.state === 'working') return;
            update.reset();
            if (!reconnect) update.mutate(zoneChangeOf(zone, filled, provider, false));
            else if (trial.ready) update.mutate({ ...zoneChangeOf(zone, filled, provider, true), ...trial.proof });
            else trial.start();
          })}
        >
          <Restored draft={kept} />
          <TeamField
            control={control}
            name="ownerTeam"
            label="Owner"
            hint="The team that answers for the zone."
            teams={teams}
            problems={at('ownerTeam')}
          />
          <Checkbox checked={reconnect} onChange={(event) => setReconnect(event.target.checked)}>
            Change where it is kept, or its key: the secret is given again and tested before it is stored
          </Checkbox>
          {reconnect && provider && <ConnectionFields kinds={providers} chosen={provider} label="Provider" at={at} />}
          <ZoneSettingFields control={control} register={register} environments={me.environments} at={at} />
          {reconnect && (
            <TrialFindings
              trial={trial}
              checks={provider?.checks ?? []}
              besides={everyServer}
              anyway="Save it all the same. Nothing in the zone changes or goes live before the connection works."
            />
          )}
          {rest && <ProblemPanel problem={rest} />}
          <div className="flex flex-wrap gap-2">
            <Button
              type="submit"
              look="primary"
              busy={update.isPending ? 'Saving…' : reconnect && trial.state === 'working' && 'Asking the name server…'}
            >
              {reconnect ? nextStep(trial, 'Save the change') : 'Save the change'}
            </Button>
            <Button asChild>
              <Link href={`/zones/${zone.id}`}>Keep it as it is</Link>
            </Button>
          </div>
        </Form>
      </Card>
    </FormProvider>
  );
}
