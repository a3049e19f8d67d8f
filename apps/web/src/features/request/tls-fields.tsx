'use client';
import type { Me } from '@hostmaster/core/contract/account';
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
  termination,
  source,
  connected,
  at,
}: {
  control: Control<FormValues>;
  register: UseFormRegister<FormValues>;
  /** Without one there is no certificate, and no issuer and key to choose. */
  termination: FormValues['termination'];
  /** The one that is chosen, which is shown whether it is connected or not. */
  source: FormValues['source'];
  /** Sources that an issuer is connected for; nobody is offered another. */
  connected: Me['sources'];
  at: ProblemsAt;
}) {
  const offered = sourceOptions.filter(({ value }) => connected.includes(value) || value === source);
  const others = sourceOptions.flatMap(({ value, label }) => (connected.includes(value) ? [] : [label])).join(', ');
  return (
    <>
      <div className="grid gap-5 sm:grid-cols-3">
        <Field label="TLS termination" problems={at('tls.termination')}>
          {(props) => <Chosen control={control} name="termination" props={props} options={terminationOptions} />}
        </Field>
        {termination !== 'none' && (
          <>
            <Field label="Issuer" problems={at('tls.source')} hint={others === '' ? undefined : `Not connected: ${others}.`}>
              {(props) => <Chosen control={control} name="source" props={props} options={offered} />}
            </Field>
            <Field label="Key" problems={at('tls.key')}>
              {(props) => <Chosen control={control} name="key" props={props} options={keyOptions} />}
            </Field>
          </>
        )}
      </div>
      <Field
        label="Subject alternative names"
        optional
        problems={at('tls.extraNames')}
        hint="Beside the hostname, one a line. Each is admitted by the same rules."
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
