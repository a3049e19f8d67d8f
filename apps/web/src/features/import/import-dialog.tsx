'use client';
// A certificate with its key, from elsewhere: as a file or pasted. A worker reads it; what is wrong with it is said on the page of the name.
import type { EndpointDetail } from '@hostmaster/core/contract/endpoint-view';
import { maxKeyStoreLength } from '@hostmaster/core/pki/brought-certificate';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Field, FieldGroup } from '@/components/ui/field';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { Input, Textarea } from '@/components/ui/input';
import { ViolationList } from '@/components/ui/problem-panel';
import { Segmented } from '@/components/ui/segmented';
import { Time } from '@/components/ui/time';
import { refusalProblems } from '@/lib/field-problems';
import { useTRPC } from '@/lib/trpc';
import { base64Of } from './base64';

const ways = [
  { value: 'file', label: 'A file' },
  { value: 'pem', label: 'Pasted PEM' },
] as const;
type Way = (typeof ways)[number]['value'];

export const ImportDialog = ({ id, name, first }: { id: string; name: string /** There is none yet. */; first: boolean }) => (
  <FormDialog
    wide
    trigger={<Button look={first ? 'primary' : 'quiet'}>Import certificate</Button>}
    title={`Import a certificate for ${name}`}
    description="The private key, its certificate and the chain above it. Key and passphrase are sealed to a worker as they arrive, and shown to nobody again."
  >
    {(close) => <ImportForm id={id} done={close} />}
  </FormDialog>
);

function ImportForm({ id, done }: { id: string; done: () => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [way, setWay] = useState<Way>('file');
  const [chosen, setChosen] = useState('');
  const [pem, setPem] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [tooLarge, setTooLarge] = useState(false);
  const bring = useMutation(
    trpc.endpoints.importCertificate.mutationOptions({
      onSuccess: (started) => {
        queries.setQueryData(trpc.operations.get.queryKey({ id: started.id }), started);
        void queries.invalidateQueries(trpc.endpoints.pathFilter());
        done();
      },
    }),
  );
  const choose = async (file: File | undefined): Promise<void> => {
    setTooLarge(file !== undefined && file.size > maxKeyStoreLength);
    setChosen(file === undefined || file.size > maxKeyStoreLength ? '' : base64Of(new Uint8Array(await file.arrayBuffer())));
  };
  const values = { id, file: way === 'file' ? chosen : base64Of(new TextEncoder().encode(pem)), passphrase };
  const { at, rest } = refusalProblems(['file', 'passphrase'], { error: bring.error, sent: bring.variables, values });
  const large = tooLarge
    ? [{ reason: `The file has more than ${maxKeyStoreLength} octets. Leave out what is neither the key nor its chain.` }]
    : [];
  return (
    <DialogForm
      submit="Import it"
      busy={bring.isPending && 'Sealing…'}
      disabled={values.file === ''}
      refused={rest}
      onSubmit={() => bring.mutate(values)}
    >
      <FieldGroup label="What you have">
        <Segmented label="What you have" value={way} onChange={setWay} options={ways} />
      </FieldGroup>
      {way === 'file' ? (
        <Field label="File" problems={[...large, ...at('file')]} hint="PKCS #12 (.p12, .pfx), JKS or PEM with key, certificate and chain.">
          {(props) => <Input {...props} type="file" className="py-1.5" onChange={(event) => void choose(event.target.files?.[0])} />}
        </Field>
      ) : (
        <Field label="PEM" problems={at('file')} hint="Private key, certificate and chain, in any order.">
          {(props) => (
            <Textarea
              {...props}
              value={pem}
              onChange={(event) => setPem(event.target.value)}
              spellCheck={false}
              className="data min-h-40 text-xs"
              placeholder="-----BEGIN PRIVATE KEY-----"
            />
          )}
        </Field>
      )}
      <Field label="Passphrase" problems={at('passphrase')} optional hint="What the file was encrypted with.">
        {(props) => (
          <Input {...props} type="password" value={passphrase} onChange={(event) => setPassphrase(event.target.value)} autoComplete="off" />
        )}
      </Field>
    </DialogForm>
  );
}

/** What became of what was brought last, while it is not taken in. */
export const BroughtProblems = ({ brought: { by, at, problems } }: { brought: NonNullable<EndpointDetail['brought']> }) =>
  problems === null ? (
    <Callout state="wait" title="A certificate was brought, and a worker reads it.">
      By {by}, <Time at={at} />.
    </Callout>
  ) : (
    <Callout state="bad" title="The certificate that was brought is not taken.">
      By {by}, <Time at={at} />. Nothing of it is kept.
      <ViolationList violations={problems} />
    </Callout>
  );
