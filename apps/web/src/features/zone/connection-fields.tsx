'use client';
// Where a zone is kept, as its kind of provider asks for it: the fields follow from what the kind says of itself.
import type { DnsProviderRow } from '@hostmaster/core/contract/zone';
import { type Control, Controller, type UseFormRegister, type UseFormSetValue, useFormState } from 'react-hook-form';
import { Field, type FieldProblem } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { keyOf, type SettingField, type SettingRow, secretField, secretGiven, settingRows } from './settings-fields';
import { useProviders } from './use-provider';
import { chosenKind, type ZoneFormValues } from './zone-form-values';

type Form = {
  readonly control: Control<ZoneFormValues>;
  readonly register: UseFormRegister<ZoneFormValues>;
  readonly at: (path: string) => FieldProblem[];
};
const text = { spellCheck: false, autoCapitalize: 'none', autoComplete: 'off' } as const;

export function ConnectionFields({
  provider,
  setValue,
  ...form
}: Form & { provider: DnsProviderRow; setValue: UseFormSetValue<ZoneFormValues> }) {
  const secret = secretField(provider);
  const { errors } = useFormState({ control: form.control, name: 'secret' });
  const notGiven = errors.secret?.message;
  return (
    <>
      <ProviderChoice {...form} setValue={setValue} hint={provider.summary} />
      {settingRows(provider).map((row) => (
        <div key={row.title} className={columnsOf(row)}>
          {row.fields.map((field) => (
            <Setting key={keyOf(field)} field={field} {...form} />
          ))}
        </div>
      ))}
      {secret && (
        <Field label={secret.label} problems={notGiven ? [{ reason: notGiven }] : form.at('connection.secret')} hint={secret.hint}>
          {(props) => (
            <Input {...props} {...text} {...form.register('secret', { validate: secretGiven(secret) })} type="password" className="data" />
          )}
        </Field>
      )}
    </>
  );
}

/** Which kind; where there is one only, nobody is asked. */
function ProviderChoice({ control, setValue, at, hint }: Form & { setValue: UseFormSetValue<ZoneFormValues>; hint: string }) {
  const providers = useProviders();
  if (providers.length < 2) return null;
  const choose = (kind: string): void => {
    const provider = providers.find((each) => each.kind === kind);
    if (provider === undefined) return;
    const chosen = chosenKind(provider);
    setValue('settings', chosen.settings);
    setValue('secret', chosen.secret);
    setValue('kind', chosen.kind);
  };
  return (
    <Field label="Provider" problems={at('connection.kind')} hint={hint}>
      {(props) => (
        <Controller
          control={control}
          name="kind"
          render={({ field }) => (
            <Select
              {...props}
              value={field.value}
              onChange={choose}
              options={providers.map(({ kind, label }) => ({ value: kind, label }))}
            />
          )}
        />
      )}
    </Field>
  );
}

/** The first field of a row takes what is left by numbers and choices. */
const columnsOf = ({ fields }: SettingRow): string => {
  const beside = fields[1]?.control;
  if (beside === undefined) return 'grid gap-5';
  return `grid gap-5 ${beside === 'number' ? 'sm:grid-cols-[minmax(0,1fr)_8rem]' : beside === 'text' ? 'sm:grid-cols-2' : 'sm:grid-cols-[minmax(0,1fr)_12rem]'}`;
};

function Setting({ field, control, register, at }: Form & { field: SettingField }) {
  const name = `settings.${keyOf(field)}` as const;
  const kind = field.control;
  return (
    <Field label={field.label} optional={field.optional} problems={at(`connection.settings.${field.path.join('.')}`)} hint={field.hint}>
      {(props) =>
        typeof kind === 'object' ? (
          <Controller
            control={control}
            name={name}
            render={({ field: { value, onChange } }) => (
              <Select
                {...props}
                value={value}
                onChange={onChange}
                options={kind.options.map((option) => ({ value: option, label: option }))}
              />
            )}
          />
        ) : kind === 'number' ? (
          <Input {...props} {...register(name)} inputMode="numeric" className="tabular-nums" />
        ) : (
          <Input {...props} {...text} {...register(name)} className="data" placeholder={field.placeholder} />
        )
      }
    </Field>
  );
}
