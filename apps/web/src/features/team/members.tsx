'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { memberInput, type team } from '@hostmaster/core/contract/person';
import { useMutation } from '@tanstack/react-query';
import { Controller, useForm } from 'react-hook-form';
import { toast } from 'sonner';
import type { z } from 'zod';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { TakeAway } from '@/components/ui/take-away';
import { useMe } from '@/features/account/use-me';
import { teamRoleOptions, teamRoleWords } from '@/features/person/words';
import { formProblems } from '@/lib/field-problems';
import { problemOf } from '@/lib/problem';
import { useTRPC } from '@/lib/trpc';
import { useReadAgain } from '@/lib/use-read-again';

type Team = z.output<typeof team>;
type Member = Team['members'][number];
type OfTeam = { team: Pick<Team, 'slug' | 'name'> };

/** What shows who is in which team: also who asks, where it is them. */
function useShownBy() {
  const trpc = useTRPC();
  return [trpc.teams.pathFilter(), trpc.people.pathFilter(), trpc.account.me.queryFilter()];
}

/** @param done once everything that shows them was read again, of whom it was */
function useSetMember(done: (email: string) => void) {
  const trpc = useTRPC();
  const readAgain = useReadAgain();
  const shownBy = useShownBy();
  return useMutation(
    trpc.teams.setMember.mutationOptions({
      onSuccess: async ({ email }) => {
        await readAgain(...shownBy);
        done(email);
      },
    }),
  );
}

export function AddMember({ team }: OfTeam) {
  return (
    <FormDialog
      trigger={<Button look="primary">Add a member</Button>}
      title={`Add a member to ${team.name}`}
      description="Somebody who is in Hostmaster already. Whoever is not is invited under People first."
    >
      {(close) => <MemberForm team={team} done={close} />}
    </FormDialog>
  );
}

const own = { email: 'Give an e-mail address.', role: 'Choose a role.' };

function MemberForm({ team, done }: OfTeam & { done: () => void }) {
  const save = useSetMember((email) => {
    toast.success(`${email} is in ${team.name} now.`);
    done();
  });
  const { control, register, handleSubmit, formState, watch } = useForm({
    resolver: zodResolver(memberInput),
    defaultValues: { slug: team.slug, email: '', role: 'member' as const },
  });
  const { at, rest } = formProblems({ own, errors: formState.errors, error: save.error, sent: save.variables, values: watch() });
  return (
    <DialogForm
      onSubmit={handleSubmit((values) => save.mutate(values))}
      refused={rest}
      submit="Add the member"
      busy={save.isPending && 'Adding…'}
    >
      <Field label="E-mail" problems={at('email')}>
        {(props) => (
          <Input {...props} {...register('email')} type="email" autoComplete="off" spellCheck={false} placeholder="lee@example.org" />
        )}
      </Field>
      <Field label="Role" hint="A maintainer also changes who is in the team." problems={at('role')}>
        {(props) => (
          <Controller
            control={control}
            name="role"
            render={({ field }) => <Select {...props} value={field.value} onChange={field.onChange} options={teamRoleOptions} />}
          />
        )}
      </Field>
    </DialogForm>
  );
}

const other = { member: 'maintainer', maintainer: 'member' } as const;

export function ChangeRole({ team, member: { name, email, role } }: OfTeam & { member: Member }) {
  const me = useMe();
  const next = other[role];
  const word = teamRoleWords[next].toLowerCase();
  const save = useSetMember(() => void toast.success(`${name} is a ${word} of ${team.name}.`));
  const follows =
    next === 'maintainer' ? 'They may then also change who is in the team.' : 'They then no longer change who is in the team.';
  return (
    <FormDialog
      trigger={
        <Button size="sm" look="bare" aria-label={`Make ${word}: ${name}`}>
          Make {word}
        </Button>
      }
      title={`Make ${name} a ${word} of ${team.name}?`}
      description={me.email === email && next === 'member' ? 'That is you: you then no longer change who is in the team.' : follows}
    >
      {(close) => (
        <DialogForm
          submit={`Make a ${word}`}
          keep="Leave it"
          busy={save.isPending && 'Saving…'}
          refused={save.error ? problemOf(save.error) : null}
          onSubmit={() => save.mutate({ slug: team.slug, email, role: next }, { onSuccess: close })}
        />
      )}
    </FormDialog>
  );
}

export function RemoveMember({ team, member: { name, email } }: OfTeam & { member: Member }) {
  const trpc = useTRPC();
  return (
    <TakeAway
      verb="Remove"
      kind="member"
      which={`${name} from ${team.name}`}
      title={`Remove ${name} from ${team.name}?`}
      description="They no longer ask for names of the team, and their tokens no longer speak for it. What they asked for stays."
      options={trpc.teams.removeMember.mutationOptions()}
      input={{ slug: team.slug, email }}
      shownBy={useShownBy()}
      done={`${name} is no longer in ${team.name}.`}
    />
  );
}
