'use client';
// Taking a private key away: said first what follows, proved by a password, and shown in the files that servers read.
import type { Certificate } from '@hostmaster/core/contract/certificate';
import type { ExportedKey } from '@hostmaster/core/pki/key-export';
import { useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { CopyButton } from '@/components/ui/copy-button';
import { Field } from '@/components/ui/field';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { Input } from '@/components/ui/input';
import { refusalProblems } from '@/lib/field-problems';
import { saveFile } from '@/lib/save-file';
import { useTRPC } from '@/lib/trpc';
import { keyFiles } from './key-files';
import { useKeyExport } from './use-key-export';

/** Where a key may be taken, and while one is: the page is read again meanwhile, and says that it was taken. */
export function KeyExportDialog({ certificate }: { certificate: Certificate }) {
  const [taking, setTaking] = useState(false);
  if (!certificate.permissions.exportKey && !taking) return null;
  return (
    <FormDialog
      wide
      trigger={<Button>Take the private key…</Button>}
      title={`Take the private key of ${certificate.names[0] ?? certificate.serial}?`}
      description="It leaves Hostmaster once. A worker seals it for this browser, so that nobody between can read it, and this page says from then on who took it."
    >
      {(close, hold) => <TakeKey certificate={certificate} close={close} hold={hold} setTaking={setTaking} />}
    </FormDialog>
  );
}

type Steps = { certificate: Certificate; close: () => void; hold: () => void; setTaking: (taking: boolean) => void };

function TakeKey({ certificate, close, hold, setTaking }: Steps) {
  const [password, setPassword] = useState('');
  const { taken, again, ask, busy, error, sent, failed } = useKeyExport(certificate.serial);
  useEffect(() => {
    if (taken !== null) hold();
  }, [taken, hold]);
  const leave = () => {
    close();
    setTaking(false);
  };
  if (taken !== null) return <Taken certificate={certificate} taken={taken} close={leave} />;
  const start = () => {
    setTaking(true);
    void ask(password);
  };
  const { at, rest } = refusalProblems(['password'], {
    error,
    sent,
    values: { serial: certificate.serial, password, recipient: sent?.recipient ?? '' },
  });
  const secure = globalThis.isSecureContext !== false;
  return (
    <DialogForm
      submit={again === null ? 'Take the key' : 'Fetch it once more'}
      busy={busy}
      refused={failed ?? rest}
      keep="Leave it"
      disabled={(again === null && password === '') || !secure}
      onSubmit={again ?? start}
    >
      {!secure && (
        <Callout state="bad" title="This page was not opened by https.">
          The browser makes no keys on such a page, so that nothing could be sealed for it. Open the portal by https.
        </Callout>
      )}
      <Field
        label="Your password"
        problems={at('password')}
        hint="To be sure that it is you. Whoever has none here, because they sign in elsewhere, sends a CSR with the request in place of taking a key."
      >
        {(props) => (
          <Input
            {...props}
            type="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <Callout state="wait" title="It is valid for this certificate alone.">
        The next renewal makes another key, and what you installed by hand does not follow it.
      </Callout>
    </DialogForm>
  );
}

/** Whoever closes or reloads the page is asked first. */
function useKeepPage() {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, []);
}

function Taken({ certificate, taken, close }: { certificate: Certificate; taken: ExportedKey; close: () => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  useKeepPage();
  const files = keyFiles(certificate.names[0] ?? certificate.serial, certificate.chainPem, taken);
  const done = () => {
    void queries.invalidateQueries(trpc.certificates.pathFilter());
    void queries.invalidateQueries(trpc.endpoints.pathFilter());
    close();
  };
  return (
    <div className="grid gap-5">
      <Callout state="ok" title="The key is in this page, and nowhere else that you could take it from again.">
        Save what you need before you close it.
      </Callout>
      <ul className="grid gap-3" aria-label="Files">
        {files.map(({ filename, ending, label, note, type, content, locked }) => (
          <li key={filename} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
            <span className="min-w-0 text-sm">
              <span className="font-[560]">{label}</span>
              <span className="block text-ink-3 text-xs">
                {note}
                {locked && '; opens with the passphrase'}
              </span>
            </span>
            <Button size="sm" onClick={() => saveFile(content, filename, type)} aria-label={`Save ${filename}`}>
              <Download aria-hidden /> {ending}
            </Button>
          </li>
        ))}
      </ul>
      <p className="flex flex-wrap items-center gap-2 text-sm">
        Passphrase <code className="data">{taken.passphrase}</code>
        <CopyButton text={taken.passphrase} label="Copy the passphrase" />
      </p>
      <div className="flex justify-end">
        <Button look="primary" onClick={done}>
          I have saved it
        </Button>
      </div>
    </div>
  );
}
