'use client';
// "Add a CA": a root that is made here, one whose key is elsewhere, or a CA that is brought with its key.
import { type AuthorityKey, authorityKeys } from '@hostmaster/core/pki/profile';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, FieldGroup } from '@/components/ui/field';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { Input, Textarea } from '@/components/ui/input';
import { Segmented } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import { refusalProblems } from '@/lib/field-problems';
import { useTRPC } from '@/lib/trpc';
import { useCeremony } from './use-ceremony';
import { keyOptions } from './words';

const ways = [
  { value: 'make', label: 'Make it here' },
  { value: 'connect', label: 'Its key is elsewhere' },
  { value: 'import', label: 'Bring it with its key' },
] as const;
type Way = (typeof ways)[number]['value'];

const hints: Readonly<Record<Way, string>> = {
  make: 'A worker makes the root. Its key is kept in the token of the workers where they have one, else wrapped in the database.',
  connect: 'The root is known by its certificate. Whoever holds its key signs the CAs below it.',
  import:
    'A CA that was made elsewhere, root or below a root that is known here; its key is sealed to the worker and kept wrapped, in no token.',
};

export const AddRoot = () => (
  <FormDialog
    trigger={<Button look="primary">Add a CA</Button>}
    title="Add a CA"
    description="A root is announced first: it is trusted, and signs nothing before it is activated."
    wide
  >
    {(close) => <AddForm done={close} />}
  </FormDialog>
);

const empty = { name: '', key: 'ecdsa-p384', intermediateKey: 'ecdsa-p256', certificatePem: '', keyPem: '', passphrase: '' };

function AddForm({ done }: { done: () => void }) {
  const [way, setWay] = useState<Way>('make');
  const [values, setValues] = useState(empty);
  const trpc = useTRPC();
  const make = useCeremony(trpc.authority.makeRoot.mutationOptions(), done);
  const connect = useCeremony(trpc.authority.connectRoot.mutationOptions(), done);
  const bring = useCeremony(trpc.authority.import.mutationOptions(), done);
  const { busy, error, sent, failed } = { make, connect, import: bring }[way];
  const { at, rest } = refusalProblems(Object.keys(empty), { error, sent, values });
  const set = (field: keyof typeof empty) => (value: string) => setValues((now) => ({ ...now, [field]: value }));
  const send = (): void => {
    const said = { name: values.name.trim(), intermediateKey: keyOf(values.intermediateKey) };
    if (way === 'make') make.ask({ ...said, key: keyOf(values.key) });
    else if (way === 'connect') connect.ask({ ...said, certificatePem: values.certificatePem });
    else bring.ask({ ...said, certificatePem: values.certificatePem, keyPem: values.keyPem, passphrase: values.passphrase });
  };
  const text = (field: 'certificatePem' | 'keyPem', label: string, placeholder: string) => (
    <Field label={label} problems={at(field)}>
      {(props) => (
        <Textarea
          {...props}
          value={values[field]}
          onChange={(event) => set(field)(event.target.value)}
          spellCheck={false}
          className="data min-h-28 text-xs"
          placeholder={placeholder}
        />
      )}
    </Field>
  );
  const choice = (field: 'key' | 'intermediateKey', label: string) => (
    <Field label={label} problems={at(field)}>
      {(props) => <Select {...props} value={values[field]} onChange={set(field)} options={keyOptions} />}
    </Field>
  );
  return (
    <DialogForm submit="Add it" busy={busy} refused={failed ?? rest} onSubmit={send}>
      <FieldGroup label="Where it comes from" hint={hints[way]}>
        <Segmented label="Where it comes from" value={way} onChange={setWay} options={ways} />
      </FieldGroup>
      <Field label="Name" problems={at('name')}>
        {(props) => <Input {...props} value={values.name} onChange={(event) => set('name')(event.target.value)} autoComplete="off" />}
      </Field>
      <div className="grid gap-5 sm:grid-cols-2">
        {way === 'make' && choice('key', 'Key')}
        {choice('intermediateKey', 'Key of the CAs below it')}
      </div>
      {way !== 'make' && text('certificatePem', 'Certificate in PEM', '-----BEGIN CERTIFICATE-----')}
      {way === 'import' && (
        <>
          {text('keyPem', 'Private key in PEM', '-----BEGIN ENCRYPTED PRIVATE KEY-----')}
          <Field label="Passphrase" problems={at('passphrase')} optional>
            {(props) => (
              <Input
                {...props}
                type="password"
                value={values.passphrase}
                onChange={(event) => set('passphrase')(event.target.value)}
                autoComplete="off"
              />
            )}
          </Field>
        </>
      )}
    </DialogForm>
  );
}

const keyOf = (text: string): AuthorityKey | undefined => authorityKeys.find((key) => key === text);
