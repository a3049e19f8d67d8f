'use client';
import type { Person } from '@hostmaster/core/contract/person';
import { useMutation } from '@tanstack/react-query';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { plural } from '@/lib/format/text';
import { problemOf } from '@/lib/problem';
import { useTRPC } from '@/lib/trpc';
import { useReadAgain } from '@/lib/use-read-again';
import { LinkOnce } from './link-once';

type Props = { person: Person };

/** Everything that shows somebody is read again. */
function usePeopleAgain() {
  const trpc = useTRPC();
  const readAgain = useReadAgain();
  return () => readAgain(trpc.people.pathFilter(), trpc.teams.pathFilter());
}

export function DisablePerson({ person: { id, name, sessions, link } }: Props) {
  const trpc = useTRPC();
  const again = usePeopleAgain();
  const disable = useMutation(
    trpc.people.disable.mutationOptions({
      onSuccess: async () => {
        await again();
        toast.success(`${name} is shut out.`);
      },
    }),
  );
  const ending = [
    sessions.length > 0 &&
      (sessions.length === 1 ? 'Their session ends at once.' : `Their ${plural(sessions.length, 'session')} end at once.`),
    link && 'Their open link counts for nothing any more.',
    'Their tokens are refused for as long as they are disabled. Roles, teams and what they asked for stay.',
  ].filter(Boolean);
  return (
    <FormDialog trigger={<Button look="danger">Disable</Button>} title={`Disable ${name}?`} description={ending.join(' ')}>
      {(close) => (
        <DialogForm
          danger
          submit={`Disable ${name}`}
          keep="Leave them enabled"
          busy={disable.isPending && 'Disabling…'}
          refused={disable.error ? problemOf(disable.error) : null}
          onSubmit={() => disable.mutate({ id }, { onSuccess: close })}
        />
      )}
    </FormDialog>
  );
}

export function EnablePerson({ person: { id, name, signsInWith } }: Props) {
  const trpc = useTRPC();
  const again = usePeopleAgain();
  const enable = useMutation(
    trpc.people.enable.mutationOptions({
      onSuccess: async () => {
        await again();
        toast.success(`${name} is enabled again.`);
      },
    }),
  );
  return (
    <FormDialog
      trigger={<Button look="primary">Enable</Button>}
      title={`Enable ${name}?`}
      description={`Their tokens that have not expired work again at once, and ${
        signsInWith.length > 0 ? 'they sign in as before' : 'a new link lets them set a password'
      }. Sessions that ended stay ended.`}
    >
      {(close) => (
        <DialogForm
          submit={`Enable ${name}`}
          keep="Leave them disabled"
          busy={enable.isPending && 'Enabling…'}
          refused={enable.error ? problemOf(enable.error) : null}
          onSubmit={() => enable.mutate({ id }, { onSuccess: close })}
        />
      )}
    </FormDialog>
  );
}

export function EndSessions({ person: { id, name, sessions } }: Props) {
  const trpc = useTRPC();
  const again = usePeopleAgain();
  const end = useMutation(
    trpc.people.endSessions.mutationOptions({
      onSuccess: async () => {
        await again();
        toast.success(`${name} is signed out everywhere.`);
      },
    }),
  );
  return (
    <FormDialog
      trigger={<Button size="sm">End all</Button>}
      title={`Sign ${name} out everywhere?`}
      description={`${plural(sessions.length, 'session')} ${sessions.length === 1 ? 'ends' : 'end'} at once. ${name} may sign in again.`}
    >
      {(close) => (
        <DialogForm
          danger
          submit="End all sessions"
          keep="Keep them"
          busy={end.isPending && 'Ending…'}
          refused={end.error ? problemOf(end.error) : null}
          onSubmit={() => end.mutate({ id }, { onSuccess: close })}
        />
      )}
    </FormDialog>
  );
}

export function NewLink({ person }: Props) {
  const { name, state } = person;
  const invited = state === 'invited';
  return (
    <FormDialog
      wide
      trigger={<Button size="sm">{invited ? 'New invitation' : 'Reset the password'}</Button>}
      title={invited ? `Invite ${name} again` : `Let ${name} set a new password`}
      description={
        invited
          ? 'You get a new link that counts for seven days. Older ones end.'
          : 'You get a link that counts for 24 hours. Older ones end. The present password and the sessions stay until the link is used.'
      }
    >
      {(close, hold) => <LinkForm person={person} done={close} made={hold} />}
    </FormDialog>
  );
}

/** @param made keeps the dialog open: what is shown then is not shown again */
function LinkForm({ person: { id }, done, made }: Props & { done: () => void; made: () => void }) {
  const trpc = useTRPC();
  const again = usePeopleAgain();
  const renew = useMutation(
    trpc.people.renewLink.mutationOptions({
      onSuccess: () => {
        made();
        again();
      },
    }),
  );
  if (renew.data) return <LinkOnce link={renew.data} done={done} />;
  return (
    <DialogForm
      submit="Make the link"
      keep="Cancel"
      busy={renew.isPending && 'Making…'}
      refused={renew.error ? problemOf(renew.error) : null}
      onSubmit={() => renew.mutate({ id })}
    />
  );
}
