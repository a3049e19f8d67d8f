'use client';
import type { Control, UseFormRegister } from 'react-hook-form';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/input';
import type { ProblemsAt } from '@/lib/field-problems';
import { Chosen } from './chosen';
import type { FormValues } from './form-values';
import { keyOptions, sourceOptions, terminationOptions } from './options';

/** Where TLS ends, and what certificate and key it ends with. */
export function TlsFields({
  control,
  register,
  at,
}: {
  control: Control<FormValues>;
  register: UseFormRegister<FormValues>;
  at: ProblemsAt;
}) {
  return (
    <>
      <div className="grid gap-5 sm:grid-cols-3">
        <Field label="TLS ends at" problems={at('tls.termination')}>
          {(props) => <Chosen control={control} name="termination" props={props} options={terminationOptions} />}
        </Field>
        <Field label="Certificate from" problems={at('tls.source')}>
          {(props) => <Chosen control={control} name="source" props={props} options={sourceOptions} />}
        </Field>
        <Field label="Key" problems={at('tls.key')}>
          {(props) => <Chosen control={control} name="key" props={props} options={keyOptions} />}
        </Field>
      </div>
      <Field
        label="Further names on the certificate"
        optional
        problems={at('tls.extraNames')}
        hint="One a line. Each is admitted by the same rules."
      >
        {(props) => <Textarea {...props} {...register('extraNames')} className="data min-h-16" spellCheck={false} autoCapitalize="none" />}
      </Field>
      <Field
        label="Certificate signing request"
        optional
        problems={at('tls.csr')}
        hint="PKCS#10 in PEM. With it, the private key never leaves you; without it, the key is made and sealed here."
      >
        {(props) => (
          <Textarea
            {...props}
            {...register('csr')}
            className="data min-h-16"
            placeholder="-----BEGIN CERTIFICATE REQUEST-----"
            spellCheck={false}
          />
        )}
      </Field>
    </>
  );
}
