'use client';
// What is said of an issuer beside where it is. Part of a form that is given to it as the form of this context.
import { useFormContext } from 'react-hook-form';
import { Field, type FieldProblem } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';
import type { IssuerFormValues } from './issuer-form-values';

type At = { readonly at: (path: string) => FieldProblem[] };
const text = { spellCheck: false, autoCapitalize: 'none', autoComplete: 'off' } as const;

export function IssuerNameField({ at }: At) {
  const { register } = useFormContext<IssuerFormValues>();
  return (
    <Field label="Name" problems={at('name')} hint="As people read it, such as in the plan of a request.">
      {(props) => <Input {...props} {...register('name')} autoComplete="off" placeholder="Let’s Encrypt" />}
    </Field>
  );
}

export function IssuerSaidFields({ at }: At) {
  const { register } = useFormContext<IssuerFormValues>();
  return (
    <>
      <Field
        label="Signs for names below"
        problems={at('suffixes')}
        hint="One a line; each is a connected zone, or below one. For names elsewhere nothing is ordered from it."
      >
        {(props) => <Textarea {...props} {...text} {...register('suffixes')} className="name min-h-16" placeholder="corp.example.com" />}
      </Field>
      <Field
        label="Root certificate in PEM"
        optional
        problems={at('rootPem')}
        hint="The root, or up to 4, above what it issues, where browsers do not know it: probes trust it, and people can download it here."
      >
        {(props) => <Textarea {...props} {...text} {...register('rootPem')} className="data" placeholder="-----BEGIN CERTIFICATE-----" />}
      </Field>
    </>
  );
}
