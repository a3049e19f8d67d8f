'use client';
import type { Me } from '@hostmaster/core/contract/account';
import { unreviewedDays } from '@hostmaster/core/pki/lifetime';
import { serverProfile } from '@hostmaster/core/pki/profile';
import { sourceTraits, takesBrought } from '@hostmaster/core/pki/source-traits';
import type { Control, UseFormRegister } from 'react-hook-form';
import { Callout } from '@/components/ui/callout';
import { Field } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';
import type { ProblemsAt } from '@/lib/field-problems';
import { Chosen } from './chosen';
import { ContentFields } from './content-fields';
import type { FormValues } from './form-values';
import { type challengeOptions, keyOptions, sourceOptions, terminationOptions } from './options';

const challengeHint = (challenges: typeof challengeOptions): string => {
  const usual = 'A record in DNS works for every name. Over HTTP, the path of the proof has to be passed on to Hostmaster there.';
  const atEdge = challenges.some(({ value }) => value === 'tls-alpn-01');
  return atEdge ? `${usual} The edge answers by itself, where the name leads to nothing else.` : usual;
};

/** Where TLS ends, and what certificate and key it ends with. */
export function TlsFields({
  control,
  register,
  termination,
  alone,
  source,
  connected,
  challenges,
  at,
}: {
  control: Control<FormValues>;
  register: UseFormRegister<FormValues>;
  /** Without one there is no certificate, and no issuer and key to choose. */
  termination: FormValues['termination'];
  /** A certificate alone is asked for: where it is installed is not said. */
  alone: boolean;
  /** The one that is chosen, which is shown whether it is connected or not. */
  source: FormValues['source'];
  /** Sources that an issuer is connected for; nobody is offered another. */
  connected: Me['sources'];
  /** What can show control over what is asked for. */
  challenges: typeof challengeOptions;
  at: ProblemsAt;
}) {
  const offered = sourceOptions.filter(({ value }) => connected.includes(value) || value === source);
  const others = sourceOptions.flatMap(({ value, label }) => (connected.includes(value) ? [] : [label])).join(', ');
  const brought = takesBrought({ tls: { termination, source } });
  return (
    <>
      <div className="grid gap-5 sm:grid-cols-3">
        {!alone && (
          <Field label="TLS termination" problems={at('tls.termination')}>
            {(props) => <Chosen control={control} name="termination" props={props} options={terminationOptions} />}
          </Field>
        )}
        {termination !== 'none' && (
          <>
            <Field label="Issuer" problems={at('tls.source')} hint={others === '' ? undefined : `Not connected: ${others}.`}>
              {(props) => <Chosen control={control} name="source" props={props} options={offered} />}
            </Field>
            {brought ? (
              <Field label="Who gets the next one" problems={at('owners.certificate')} hint="A team; before its end yours is asked for it.">
                {(props) => <Input {...props} {...register('certificateOwner')} autoComplete="off" autoCapitalize="none" />}
              </Field>
            ) : (
              <Field label="Key" problems={at('tls.key')}>
                {(props) => <Chosen control={control} name="key" props={props} options={keyOptions} />}
              </Field>
            )}
          </>
        )}
      </div>
      {termination !== 'none' && sourceTraits[source].choosesLifetime && (
        <Field
          label="Lifetime"
          optional
          problems={[...at('tls.days'), ...at('tls.hours')]}
          hint={`In days, or in hours as in 12h. Renewed by itself in time; left empty, ${serverProfile.lifetimeDays} days or what the issuer gives.${sourceTraits[source].madeHere ? ` Of more than ${unreviewedDays} days, security looks first.` : ''}`}
        >
          {(props) => <Input {...props} {...register('lifetime')} autoComplete="off" className="w-28 tabular-nums" />}
        </Field>
      )}
      {termination !== 'none' && source === 'acme' && (
        <Field label="Proof for the CA" problems={at('tls.challenge')} hint={challengeHint(challenges)}>
          {(props) => <Chosen control={control} name="challenge" props={props} options={challenges} />}
        </Field>
      )}
      <Field
        label="Subject alternative names"
        optional
        problems={at('tls.extraNames')}
        hint="Beside the hostname, one a line. Each is admitted by the same rules."
      >
        {(props) => <Textarea {...props} {...register('extraNames')} className="data min-h-16" spellCheck={false} autoCapitalize="none" />}
      </Field>
      {termination !== 'none' && sourceTraits[source].content.length > 0 && (
        <ContentFields control={control} register={register} at={at} chosen={sourceTraits[source].content} />
      )}
      {brought && (
        <Callout state="none" title="You import the certificate once the records are there.">
          The request is admitted as any other, and its certificate waits for you: on the page of the name you choose a file with the key,
          the certificate and its chain (PEM, PKCS #12 or JKS). The next one is asked for 30 days before its end.
        </Callout>
      )}
      {!brought && (
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
      )}
    </>
  );
}
