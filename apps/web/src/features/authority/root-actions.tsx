'use client';
import type { RootAuthority } from '@hostmaster/core/contract/authority';
// What a platform admin does with a root; what follows is said before it is done.
import { isTrustedRoot, rootMachine } from '@hostmaster/core/pki/root-state';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { Textarea } from '@/components/ui/input';
import { refusalProblems } from '@/lib/field-problems';
import { useTRPC } from '@/lib/trpc';
import { Confirmed } from './confirmed';
import { useCeremony } from './use-ceremony';

const useActivate = () => useTRPC().authority.activateRoot.mutationOptions();
const useWithdraw = () => useTRPC().authority.withdrawRoot.mutationOptions();
const useRequest = () => useTRPC().authority.requestIntermediate.mutationOptions();

export function RootActions({ root }: { root: RootAuthority }) {
  const { id, name, state, keyHere } = root;
  const can = (event: 'activate' | 'withdraw') => rootMachine.next(state, event) !== null;
  return (
    <>
      {!keyHere && isTrustedRoot(state) && (
        <>
          <Confirmed
            trigger="Ask for a CA"
            label={`Ask for a CA below ${name}`}
            title={`Ask for a CA below ${name}?`}
            description="A worker makes its key and the request, which whoever holds the root signs. It asks for all zones that are connected now."
            submit="Make the request"
            options={useRequest}
            input={{ id }}
          />
          <BringList root={root} />
        </>
      )}
      {can('activate') && (
        <Confirmed
          trigger="Activate"
          label={`Activate ${name}`}
          title={keyHere ? `Have ${name} sign from now on?` : `Have CAs below ${name} sign from now on?`}
          description="The root before it stays trusted, and can be activated again."
          submit="Activate it"
          options={useActivate}
          input={{ id }}
        >
          <ul className="grid list-disc gap-1 pl-5 text-sm">
            <li>Certificates move below it with their next renewal.</li>
            <li>Whoever does not have it in their bundle by then refuses them: look below at who has fetched the newest one.</li>
            {!keyHere && <li>CAs below the root before it go on signing until one below this root was signed.</li>}
          </ul>
        </Confirmed>
      )}
      {can('withdraw') && (
        <Confirmed
          trigger="Withdraw"
          label={`Withdraw ${name}`}
          title={`Trust ${name} no more?`}
          description="It goes out of the bundle for good. While a certificate below it is valid, it stays."
          submit="Withdraw it"
          danger
          options={useWithdraw}
          input={{ id }}
        />
      )}
    </>
  );
}

const BringList = ({ root }: { root: RootAuthority }) => (
  <FormDialog
    trigger={
      <Button size="sm" look="bare" aria-label={`Bring a list of ${root.name}`}>
        Bring a list
      </Button>
    }
    title={`Bring a list of what ${root.name} has revoked`}
    description="It is published under the address that the CAs below the root name. Whoever checks revocation needs one that is not past its time."
    wide
  >
    {(close) => <ListForm id={root.id} done={close} />}
  </FormDialog>
);

function ListForm({ id, done }: { id: string; done: () => void }) {
  const [crlPem, setPem] = useState('');
  const { ask, busy, error, sent, failed } = useCeremony(useTRPC().authority.installCrl.mutationOptions(), done);
  const { at, rest } = refusalProblems(['crlPem'], { error, sent, values: { id, crlPem } });
  return (
    <DialogForm submit="Publish it" busy={busy} refused={failed ?? rest} onSubmit={() => ask({ id, crlPem })}>
      <Field label="List in PEM" problems={at('crlPem')} hint="As openssl ca -gencrl writes it.">
        {(props) => (
          <Textarea
            {...props}
            value={crlPem}
            onChange={(event) => setPem(event.target.value)}
            spellCheck={false}
            className="data min-h-40 text-xs"
            placeholder="-----BEGIN X509 CRL-----"
          />
        )}
      </Field>
    </DialogForm>
  );
}
