'use client';
import { contractKeys } from '@hostmaster/core/pki/profile';
import { Field } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { useMe } from '@/features/account/use-me';
import { useIssuers } from '@/features/issuer/use-issuers';
import { useTeams } from '@/features/team/use-teams';
import type { ProblemsAt } from '@/lib/field-problems';
import { keyWords } from '@/lib/format/text';
import type { ScopeFields } from './campaign-search';

/** Radix knows no empty choice: this word stands for it. */
const any = 'any';
const orAny = (options: readonly { value: string; label: string }[], label: string) => [{ value: any, label }, ...options];

/** Which certificates: a field that is left empty restricts nothing. */
export function ScopeFieldset({
  fields,
  onChange,
  at,
}: {
  fields: ScopeFields;
  onChange: (change: Partial<ScopeFields>) => void;
  at: ProblemsAt;
}) {
  const me = useMe();
  const teams = useTeams();
  const issuers = useIssuers();
  const choice = (name: 'issuer' | 'keyAlgorithm' | 'team' | 'environment', label: string, options: ReturnType<typeof orAny>) => (
    <Field label={label} problems={at(name === 'issuer' ? 'scope.issuers' : `scope.${name}`)}>
      {(props) => (
        <Select
          {...props}
          value={fields[name] === '' ? any : fields[name]}
          onChange={(value) => onChange({ [name]: value === any ? '' : value })}
          options={options}
        />
      )}
    </Field>
  );
  const day = (name: 'issuedAfter' | 'issuedBefore', label: string) => (
    <Field label={label} optional problems={at(`scope.${name}`)}>
      {(props) => (
        <Input
          {...props}
          type="date"
          value={fields[name]}
          onChange={(event) => onChange({ [name]: event.target.value })}
          className="tabular-nums"
        />
      )}
    </Field>
  );
  return (
    <div className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
      {choice(
        'issuer',
        'Issuer',
        orAny(
          issuers.map(({ slug, name }) => ({ value: slug, label: `${name} (${slug})` })),
          'Any issuer',
        ),
      )}
      {choice(
        'keyAlgorithm',
        'Key',
        orAny(
          contractKeys.map((value) => ({ value, label: keyWords(value) })),
          'Any key',
        ),
      )}
      {choice(
        'team',
        'Team',
        orAny(
          teams.map(({ slug, name }) => ({ value: slug, label: name })),
          'Any team',
        ),
      )}
      {choice(
        'environment',
        'Environment',
        orAny(
          me.environments.map(({ slug, name }) => ({ value: slug, label: name })),
          'Any environment',
        ),
      )}
      {day('issuedAfter', 'Issued from')}
      {day('issuedBefore', 'Issued before')}
      <Field label="Names at and below" optional problems={at('scope.suffix')}>
        {(props) => (
          <Input
            {...props}
            value={fields.suffix}
            onChange={(event) => onChange({ suffix: event.target.value })}
            className="name"
            placeholder="dev.example.com"
            spellCheck={false}
            autoCapitalize="none"
          />
        )}
      </Field>
      <Field label="Serials" optional hint="At most 1,000, as they are copied." problems={at('scope.serials')} className="lg:col-span-2">
        {(props) => (
          <Textarea
            {...props}
            value={fields.serials}
            onChange={(event) => onChange({ serials: event.target.value })}
            className="data min-h-9"
            spellCheck={false}
          />
        )}
      </Field>
    </div>
  );
}
