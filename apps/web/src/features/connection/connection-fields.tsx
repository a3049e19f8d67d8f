'use client';
// Where a zone is kept or an issuer is, as its kind asks for it: the fields follow from what the kind says of itself. Part of a form
// that is given to them as the form of this context.
import { Controller, useFormContext } from 'react-hook-form';
import { Field, type FieldProblem } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { type ConnectionValues, emptyConnection } from './connection-values';
import { type DescribedKind, keyOf, type SettingField, type SettingRow, secretField, secretProblems, settingRows } from './settings-fields';

type At = { readonly at: (path: string) => FieldProblem[] };
const text = { spellCheck: false, autoCapitalize: 'none', autoComplete: 'off' } as const;

/** @param label what the kinds are kinds of */
export function ConnectionFields({
  kinds,
  chosen,
  label,
  at,
}: At & { kinds: readonly DescribedKind[]; chosen: DescribedKind; label: string }) {
  const { register, watch } = useFormContext<ConnectionValues>();
  const secret = secretField(chosen);
  const typed = watch('secret');
  return (
    <>
      <KindChoice kinds={kinds} label={label} hint={chosen.summary} at={at} />
      {settingRows(chosen).map((row) => (
        <div key={row.title} className={columnsOf(row)}>
          {row.fields.map((field) => (
            <Setting key={keyOf(field)} field={field} at={at} />
          ))}
        </div>
      ))}
      {secret && (
        <Field
          label={secret.label}
          optional={secret.optional}
          problems={secretProblems(secret, typed, at('connection.secret'))}
          hint={secret.hint}
        >
          {(props) => <Input {...props} {...text} {...register('secret')} type="password" className="data" />}
        </Field>
      )}
    </>
  );
}

/** Which kind; where there is one only, nobody is asked. */
function KindChoice({ kinds, label, hint, at }: At & { kinds: readonly DescribedKind[]; label: string; hint: string }) {
  const { control, setValue } = useFormContext<ConnectionValues>();
  if (kinds.length < 2) return null;
  const choose = (wanted: string): void => {
    const chosen = emptyConnection(kinds.find(({ kind }) => kind === wanted));
    setValue('settings', chosen.settings);
    setValue('secret', chosen.secret);
    setValue('kind', chosen.kind);
  };
  return (
    <Field label={label} problems={at('connection.kind')} hint={hint}>
      {(props) => (
        <Controller
          control={control}
          name="kind"
          render={({ field }) => (
            <Select
              {...props}
              value={field.value}
              onChange={choose}
              options={kinds.map((each) => ({ value: each.kind, label: each.label }))}
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

function Setting({ field, at }: At & { field: SettingField }) {
  const { control, register } = useFormContext<ConnectionValues>();
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
        ) : kind === 'lines' ? (
          <Textarea {...props} {...text} {...register(name)} className="data" placeholder={field.placeholder} />
        ) : (
          <Input {...props} {...text} {...register(name)} className="data" placeholder={field.placeholder} />
        )
      }
    </Field>
  );
}
