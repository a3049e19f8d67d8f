'use client';
// What a certificate holds beside names and key, where its source lets that be chosen.
import type { ContentField } from '@hostmaster/core/pki/source-traits';
import type { Control, UseFormRegister } from 'react-hook-form';
import { Field } from '@/components/ui/field';
import { Checkbox, Input } from '@/components/ui/input';
import type { ProblemsAt } from '@/lib/field-problems';
import { Chosen } from './chosen';
import type { FormValues } from './form-values';
import { usageOptions } from './options';

export function ContentFields({
  control,
  register,
  at,
  chosen,
}: {
  control: Control<FormValues>;
  register: UseFormRegister<FormValues>;
  at: ProblemsAt;
  /** What of it may be said. */
  chosen: readonly ContentField[];
}) {
  return (
    <>
      <div className="grid gap-5 sm:grid-cols-2">
        <Field label="Used by" problems={at('tls.usages')} hint="With mutual TLS, clients show a certificate, too.">
          {(props) => <Chosen control={control} name="usages" props={props} options={usageOptions} />}
        </Field>
        <Field
          label="Private IPs on the certificate"
          optional
          problems={at('tls.addresses')}
          hint="For clients that use no name; a platform admin looks first."
        >
          {(props) => <Input {...props} {...register('certificateAddresses')} className="data" placeholder="10.1.2.3" autoComplete="off" />}
        </Field>
      </div>
      <Field
        label="SPIFFE ID"
        optional
        problems={at('tls.spiffeId')}
        hint="The identity of a workload. Its trust domain is the hostname; of a domain above it, security looks first."
      >
        {(props) => (
          <Input
            {...props}
            {...register('spiffeId')}
            className="data"
            placeholder="spiffe://"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
        )}
      </Field>
      {chosen.includes('mustStaple') && (
        <Checkbox {...register('mustStaple')}>Clients refuse it without a stapled OCSP answer (must-staple)</Checkbox>
      )}
    </>
  );
}
