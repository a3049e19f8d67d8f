'use client';
// "Connect a zone": where its name server is and which key may change it; the connection is tested as soon as it is kept.
import type { ZoneRow } from '@hostmaster/core/contract/zone';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { Controller, useForm } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { Field, FieldGroup, type FieldProblem } from '@/components/ui/field';
import { Checkbox, Input, Textarea } from '@/components/ui/input';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Segmented } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import { useMe } from '@/features/account/use-me';
import { problemOf, violationsAt } from '@/lib/problem';
import { useTRPC } from '@/lib/trpc';
import { TestConnection } from './test-connection';
import { emptyZone, type ZoneFormValues, zoneDraftOf } from './zone-form-values';

export function ZoneForm() {
  const me = useMe();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const teams = useQuery(trpc.teams.list.queryOptions());
  const [created, setCreated] = useState<ZoneRow | null>(null);
  const { control, register, handleSubmit } = useForm<ZoneFormValues>({ defaultValues: emptyZone(me.teams[0]?.slug ?? '') });
  const create = useMutation(
    trpc.zones.create.mutationOptions({
      onSuccess: (zone) => {
        setCreated(zone);
        void queries.invalidateQueries(trpc.zones.pathFilter());
      },
    }),
  );
  if (created)
    return (
      <div className="grid gap-4">
        <Callout state="ok" title={`${created.apex} is connected.`}>
          Test the connection, then{' '}
          <Link href="/grants" className="text-accent underline underline-offset-3">
            grant
          </Link>{' '}
          teams their names in it, or{' '}
          <Link href={`/zones/${created.id}`} className="text-accent underline underline-offset-3">
            look at its records
          </Link>
          .
        </Callout>
        <TestConnection zoneId={created.id} />
      </div>
    );
  const refused = create.error ? problemOf(create.error) : null;
  const at = (path: string): FieldProblem[] => violationsAt(refused?.violations ?? [], path);
  const text = { spellCheck: false, autoCapitalize: 'none', autoComplete: 'off' } as const;
  return (
    <Card className="max-w-3xl p-4 sm:p-6">
      <form noValidate className="grid gap-5" onSubmit={handleSubmit((values) => !create.isPending && create.mutate(zoneDraftOf(values)))}>
        <div className="grid gap-5 sm:grid-cols-2">
          <Field label="Zone" problems={at('apex')} hint="The name at its apex.">
            {(props) => <Input {...props} {...text} {...register('apex')} className="name" placeholder="corp.example.com" />}
          </Field>
          <Field label="Kept by" problems={at('ownerTeam')} hint="The team that answers for the zone.">
            {(props) => (
              <Controller
                control={control}
                name="ownerTeam"
                render={({ field }) => (
                  <Select
                    {...props}
                    value={field.value}
                    onChange={field.onChange}
                    placeholder="Choose a team"
                    options={(teams.data?.rows ?? me.teams).map((team) => ({ value: team.slug, label: team.name, note: team.slug }))}
                  />
                )}
              />
            )}
          </Field>
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
        <div className="grid gap-5 sm:grid-cols-[minmax(0,1fr)_8rem]">
          <Field label="Address of the primary" problems={at('primary.address')} hint="Where updates and transfers are sent.">
            {(props) => <Input {...props} {...text} {...register('address')} className="data" placeholder="192.0.2.53" />}
          </Field>
          <Field label="Port" problems={at('primary.port')}>
            {(props) => <Input {...props} {...register('port')} inputMode="numeric" className="tabular-nums" />}
          </Field>
        </div>
        <div className="grid gap-5 sm:grid-cols-[minmax(0,1fr)_12rem]">
          <Field label="Key name" problems={at('tsig.name')} hint="As in the key file of BIND: key “hostmaster-key” { … }">
            {(props) => <Input {...props} {...text} {...register('keyName')} className="data" placeholder="hostmaster-key" />}
          </Field>
          <Field label="Algorithm" problems={at('tsig.algorithm')}>
            {(props) => (
              <Controller
                control={control}
                name="algorithm"
                render={({ field }) => (
                  <Select
                    {...props}
                    value={field.value}
                    onChange={field.onChange}
                    options={['hmac-sha256', 'hmac-sha384', 'hmac-sha512'].map((value) => ({ value, label: value }))}
                  />
                )}
              />
            )}
          </Field>
        </div>
        <Field
          label="Secret"
          problems={at('tsig.secret')}
          hint="Base64. Sealed to the worker as soon as it arrives; it is never shown again."
        >
          {(props) => <Input {...props} {...text} {...register('secret')} type="password" className="data" />}
        </Field>
        <details className="group border-line border-t pt-3.5">
          <summary className="rounded-sm text-sm">
            <span className="font-[560]">Everything else has a default</span>{' '}
            <span className="text-ink-3">the primary alone must agree · TTL 30 s to 1 d · port 443 · probes reach public addresses</span>
          </summary>
          <div className="grid gap-5 pt-5">
            <Field
              label="Servers that must agree"
              optional
              problems={at('servers')}
              hint="One a line: name address port. The primary alone where left out."
            >
              {(props) => (
                <Textarea
                  {...props}
                  {...text}
                  {...register('servers')}
                  className="data min-h-16"
                  placeholder="ns1.example.com 192.0.2.53 53"
                />
              )}
            </Field>
            <div className="grid gap-5 sm:grid-cols-3">
              <Field label="Shortest TTL" problems={at('ttlMin')}>
                {(props) => <Input {...props} {...register('ttlMin')} inputMode="numeric" className="tabular-nums" />}
              </Field>
              <Field label="Longest TTL" problems={at('ttlMax')}>
                {(props) => <Input {...props} {...register('ttlMax')} inputMode="numeric" className="tabular-nums" />}
              </Field>
              <Field label="Port of endpoints" problems={at('servedPort')}>
                {(props) => <Input {...props} {...register('servedPort')} inputMode="numeric" className="tabular-nums" />}
              </Field>
            </div>
            <Field label="Private ranges that probes may reach" optional problems={at('allowedRanges')} hint="Separated by commas.">
              {(props) => <Input {...props} {...text} {...register('allowedRanges')} className="data" placeholder="10.0.0.0/8" />}
            </Field>
            <Checkbox {...register('reviewFirstExposure')}>A team’s first public name in this zone is reviewed</Checkbox>
          </div>
        </details>
        {refused && <ProblemPanel problem={refused} />}
        <div>
          <Button type="submit" look="primary" busy={create.isPending && 'Connecting…'}>
            Connect the zone
          </Button>
        </div>
      </form>
    </Card>
  );
}
