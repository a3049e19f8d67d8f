'use client';
// A CA to be: its request is taken to whoever holds the root, and what they signed is brought back here.
import type { RootAuthority } from '@hostmaster/core/contract/authority';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Code } from '@/components/ui/code';
import { DownloadButton } from '@/components/ui/download-button';
import { Field } from '@/components/ui/field';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { Textarea } from '@/components/ui/input';
import { Time } from '@/components/ui/time';
import { refusalProblems } from '@/lib/field-problems';
import { keyWords } from '@/lib/format/text';
import { useTRPC } from '@/lib/trpc';
import { Confirmed } from './confirmed';
import { useCeremony } from './use-ceremony';
import { whereKept } from './words';

type Request = RootAuthority['requests'][number];

export const WaitingRequest = ({ request, root, manages }: { request: Request; root: RootAuthority; manages: boolean }) => (
  <Callout state="wait" title={`A request waits for the signature of ${root.name}`} className="mt-4">
    <p>
      Since <Time at={request.createdAt} />: a CA for {request.permittedSuffixes.join(', ')} ({keyWords(request.key)}). Whoever holds the
      key of {root.name} signs it; its own key is {whereKept(request)}.
    </p>
    <div className="mt-3 flex flex-wrap gap-2">
      <DownloadButton text={request.csrPem} filename={`${request.id}.csr.pem`} label="Download the request" />
      {manages && <Bring request={request} />}
      {manages && (
        <Confirmed
          trigger="Drop it"
          title="Drop the request?"
          description={`${request.keyToken === null ? 'Its key is thrown away' : `Its key stays in the token ${request.keyToken}, and nothing uses it any more`}: what is signed for it later is of no use. While the root is active, another request is made with the next reading of a zone.`}
          submit="Drop the request"
          danger
          options={useDrop}
          input={{ id: request.id }}
        />
      )}
    </div>
    <details className="mt-3">
      <summary className="rounded-sm hover:text-ink">The request in PEM</summary>
      <Code text={request.csrPem} label="the request in PEM" className="mt-2" />
    </details>
  </Callout>
);

const useDrop = () => useTRPC().authority.dropRequest.mutationOptions();

const Bring = ({ request }: { request: Request }) => (
  <FormDialog
    trigger={<Button look="primary">Bring what was signed</Button>}
    title="Bring what was signed"
    description="It is held against the request, the root and the connected zones; then it signs."
    wide
  >
    {(close) => <BringForm id={request.id} done={close} />}
  </FormDialog>
);

function BringForm({ id, done }: { id: string; done: () => void }) {
  const [certificatePem, setPem] = useState('');
  const { ask, busy, error, sent, failed } = useCeremony(useTRPC().authority.installIntermediate.mutationOptions(), done);
  const { at, rest } = refusalProblems(['certificatePem'], { error, sent, values: { id, certificatePem } });
  return (
    <DialogForm submit="Bring it" busy={busy} refused={failed ?? rest} onSubmit={() => ask({ id, certificatePem })}>
      <Field label="Certificate in PEM" problems={at('certificatePem')} hint="The root may stand below it.">
        {(props) => (
          <Textarea
            {...props}
            value={certificatePem}
            onChange={(event) => setPem(event.target.value)}
            spellCheck={false}
            className="data min-h-40 text-xs"
            placeholder="-----BEGIN CERTIFICATE-----"
          />
        )}
      </Field>
    </DialogForm>
  );
}
