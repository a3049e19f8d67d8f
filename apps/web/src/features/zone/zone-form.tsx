'use client';
// "Connect a zone": where it is kept and what may change it there; the connection is tested as soon as it is stored.
import type { DnsProviderRow, ZoneRow } from '@hostmaster/core/contract/zone';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { Controller, useForm, useWatch } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { Field, FieldGroup } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Restored } from '@/components/ui/restored';
import { Segmented } from '@/components/ui/segmented';
import { useMe } from '@/features/account/use-me';
import { TeamField } from '@/features/team/team-field';
import { useTeams } from '@/features/team/use-teams';
import { refusalProblems } from '@/lib/field-problems';
import { useTRPC } from '@/lib/trpc';
import { useDraft } from '@/lib/use-draft';
import { ConnectionFields } from './connection-fields';
import { TestConnection } from './test-connection';
import { useProviders } from './use-provider';
import { ZoneDefaults } from './zone-defaults';
import { emptyZone, type ZoneFormValues, zoneDraftOf, zoneFields } from './zone-form-values';

export function ZoneForm() {
  const [created, setCreated] = useState<ZoneRow | null>(null);
  const providers = useProviders();
  if (created) return <Connected zone={created} />;
  return <ConnectForm providers={providers} onConnected={setCreated} />;
}

const Connected = ({ zone }: { zone: ZoneRow }) => (
  <div className="grid gap-4">
    <Callout state="wait" title={`${zone.apex} is stored; test whether Hostmaster reaches it.`}>
      Once the connection works,{' '}
      <Link href="/grants" className="text-accent underline underline-offset-3">
        grant
      </Link>{' '}
      teams their names in it, or{' '}
      <Link href={`/zones/${zone.id}`} className="text-accent underline underline-offset-3">
        look at its records
      </Link>
      .
    </Callout>
    <TestConnection zone={zone} />
  </div>
);

function ConnectForm({ providers, onConnected }: { providers: readonly DnsProviderRow[]; onConnected: (zone: ZoneRow) => void }) {
  const me = useMe();
  const teams = useTeams();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const form = useForm<ZoneFormValues>({ defaultValues: emptyZone(me.teams[0]?.slug ?? '', providers[0]) });
  const { control, register, handleSubmit, setValue } = form;
  const kept = useDraft(form, 'connect a zone', ['secret']);
  const kind = useWatch({ control, name: 'kind' });
  const provider = providers.find((each) => each.kind === kind);
  const create = useMutation(
    trpc.zones.create.mutationOptions({
      onSuccess: (zone) => {
        kept.sent();
        onConnected(zone);
        void queries.invalidateQueries(trpc.zones.pathFilter());
      },
    }),
  );
  const draft = zoneDraftOf(form.watch(), provider);
  const { at, rest } = refusalProblems(zoneFields, { error: create.error, sent: create.variables, values: draft });
  const text = { spellCheck: false, autoCapitalize: 'none', autoComplete: 'off' } as const;
  return (
    <Card className="max-w-3xl p-4 sm:p-6">
      <form
        noValidate
        className="grid gap-5"
        onSubmit={handleSubmit((values) => !create.isPending && create.mutate(zoneDraftOf(values, provider)))}
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
            render={({ field }) => (
              <Segmented
                label="View"
                value={field.value}
                onChange={field.onChange}
                options={[
                  { value: 'public', label: 'Public' },
                  { value: 'internal', label: 'Internal' },
                  { value: 'partner', label: 'Partner' },
                ]}
              />
            )}
          />
        </FieldGroup>
        {provider && <ConnectionFields provider={provider} control={control} register={register} setValue={setValue} at={at} />}
        <ZoneDefaults control={control} register={register} environments={me.environments} at={at} />
        {rest && <ProblemPanel problem={rest} />}
        <div>
          <Button type="submit" look="primary" busy={create.isPending && 'Connecting…'}>
            Connect the zone
          </Button>
        </div>
      </form>
    </Card>
  );
}
