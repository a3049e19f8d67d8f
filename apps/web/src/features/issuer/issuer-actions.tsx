'use client';
// What a platform admin does with an issuer; what follows is said before it is done. One that is made here is stopped and resumed alone.
import type { IssuerRow } from '@hostmaster/core/contract/issuer';
import { useMutation } from '@tanstack/react-query';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { Link } from '@/components/ui/link';
import { TakeAway } from '@/components/ui/take-away';
import { problemOf } from '@/lib/problem';
import { useTRPC } from '@/lib/trpc';
import { useReadAgain } from '@/lib/use-read-again';
import { ChangeKey } from './change-key';

export function IssuerActions({ issuer }: { issuer: IssuerRow }) {
  const { id, name, stoppedAt, connection, withdrawn } = issuer;
  const trpc = useTRPC();
  return (
    <>
      {connection !== null && (
        <Button asChild size="sm" look="bare">
          <Link href={`/issuers/${id}/edit`} aria-label={`Edit the issuer ${name}`}>
            Edit
          </Link>
        </Button>
      )}
      {connection !== null && <ChangeKey issuer={issuer} />}
      {!withdrawn && (stoppedAt === null ? <Stop issuer={issuer} /> : <Resume issuer={issuer} />)}
      {connection !== null && (
        <TakeAway
          verb="Remove"
          kind="issuer"
          which={`the issuer ${name}`}
          title={`Remove ${name}?`}
          description="Its secret and the key of its account are deleted; at the CA nothing changes. While an order or a certificate is of it, it stays, and can be stopped."
          options={trpc.issuers.remove.mutationOptions()}
          input={{ id }}
          shownBy={[trpc.issuers.pathFilter(), trpc.account.me.queryFilter()]}
          done={`The issuer ${name} is gone.`}
        />
      )}
    </>
  );
}

type Act = { issuer: IssuerRow; done: () => void };

/** A root signs CAs alone, and one whose key is elsewhere not even those. */
function whatStops({ connection, kind, keyHere }: IssuerRow): string {
  if (connection !== null)
    return 'It signs nothing more: where no other issuer of its kind signs for the names, requests are refused, and renewals wait for whoever resumes it.';
  if (kind !== 'internal-root') return 'It signs nothing more: requests, renewals and replacements wait for whoever resumes it.';
  return keyHere
    ? 'It signs no CA more. Requests, renewals and replacements go on at the CAs below it.'
    : 'Its key is kept elsewhere, and nothing here signs with it: no further CA below it is asked for. Requests, renewals and replacements go on at the CAs below it.';
}

const Stop = ({ issuer }: { issuer: IssuerRow }) => (
  <FormDialog
    trigger={
      <Button size="sm" look="bare" aria-label={`Stop the issuer ${issuer.name}`}>
        Stop
      </Button>
    }
    title={`Stop ${issuer.name}?`}
    description={whatStops(issuer)}
  >
    {(close) => <StopIt issuer={issuer} done={close} />}
  </FormDialog>
);

function StopIt({ issuer: { id, name, kind, keyHere }, done }: Act) {
  const trpc = useTRPC();
  const readAgain = useReadAgain();
  const isRoot = kind === 'internal-root';
  const stop = useMutation(
    trpc.issuers.stop.mutationOptions({
      onSuccess: async () => {
        await readAgain(trpc.issuers.pathFilter(), trpc.account.me.queryFilter());
        toast.success(`The issuer ${name} is stopped.`);
        done();
      },
    }),
  );
  return (
    <DialogForm
      danger
      submit="Stop the issuer"
      keep="Keep it"
      busy={stop.isPending && 'Stopping…'}
      refused={stop.error ? problemOf(stop.error) : null}
      onSubmit={() => stop.mutate({ id })}
    >
      <ul className="grid list-disc gap-1 pl-5 text-sm">
        {!isRoot && <li>Orders that are open are asked of another issuer, where one may sign, or wait.</li>}
        {isRoot && <li>The CAs below it go on signing: stop each of them, too, where none is to be trusted.</li>}
        {kind === 'internal-ca' && <li>No other CA is made in its place for the names that it signs.</li>}
        {isRoot && !keyHere && <li>A request that waits for it stays, and what it signed can still be brought.</li>}
        {!isRoot && <li>Certificates that it has signed stay, and are revoked through it.</li>}
        <li>Resuming it takes this back.</li>
      </ul>
    </DialogForm>
  );
}

const Resume = ({ issuer }: { issuer: IssuerRow }) => (
  <FormDialog
    trigger={
      <Button size="sm" look="bare" aria-label={`Resume the issuer ${issuer.name}`}>
        Resume
      </Button>
    }
    title={`Resume ${issuer.name}?`}
    description={
      issuer.kind === 'internal-root'
        ? issuer.keyHere
          ? 'It signs CAs again where a zone needs one.'
          : 'A CA below it is asked for again where a zone needs one.'
        : 'Certificates are ordered from it again; what waits for it goes on at once.'
    }
  >
    {(close) => <ResumeIt issuer={issuer} done={close} />}
  </FormDialog>
);

function ResumeIt({ issuer: { id, name, kind }, done }: Act) {
  const trpc = useTRPC();
  const readAgain = useReadAgain();
  const resume = useMutation(
    trpc.issuers.resume.mutationOptions({
      onSuccess: async () => {
        await readAgain(trpc.issuers.pathFilter(), trpc.account.me.queryFilter());
        toast.success(kind === 'internal-root' ? `${name} is stopped no more.` : `Certificates are ordered from ${name} again.`);
        done();
      },
    }),
  );
  return (
    <DialogForm
      submit="Resume the issuer"
      keep="Keep it stopped"
      busy={resume.isPending && 'Resuming…'}
      refused={resume.error ? problemOf(resume.error) : null}
      onSubmit={() => resume.mutate({ id })}
    />
  );
}
