'use client';
import type { Person } from '@hostmaster/core/contract/person';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Badge } from '@/components/ui/badge';
import { Callout } from '@/components/ui/callout';
import { Fact, Facts, Section } from '@/components/ui/card';
import { TextLink } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import { Time } from '@/components/ui/time';
import { SessionTable } from '@/features/account/session-table';
import { useMe } from '@/features/account/use-me';
import { useTRPC } from '@/lib/trpc';
import { DisablePerson, EnablePerson, EndSessions, NewLink } from './person-actions';
import { PersonRoles } from './person-roles';
import { methodWords, PersonState, teamRoleWords } from './words';

export function PersonView({ id }: { id: string }) {
  const me = useMe();
  const trpc = useTRPC();
  const { data: person } = useSuspenseQuery({ ...trpc.people.get.queryOptions({ id }), refetchInterval: 15_000 });
  const { state, name, sessions } = person;
  return (
    <>
      <PageHeader
        crumb={{ href: '/people', label: 'People' }}
        title={name}
        sub={
          <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <PersonState state={state} />
            <span className="[overflow-wrap:anywhere]">{person.email}</span>
            {me.id === id && <Badge>you</Badge>}
          </span>
        }
        actions={state === 'disabled' ? <EnablePerson person={person} /> : <DisablePerson person={person} />}
      />
      <div className="grid gap-5">
        {state === 'disabled' && (
          <Callout state="none" title={<>Disabled {person.disabledAt && <Time at={person.disabledAt} />}</>}>
            {name} cannot sign in, and their tokens are refused. Roles and teams are kept for when they are enabled again.
          </Callout>
        )}
        <div className="grid items-start gap-5 lg:grid-cols-2">
          <SignIn person={person} />
          <Section title="Roles in the organisation" note="count from their next click on">
            <PersonRoles key={person.roles.join()} person={person} />
          </Section>
        </div>
        <Section title="Teams">
          <Teams person={person} />
        </Section>
        <Section title="Sessions" flush={sessions.length > 0} action={sessions.length > 0 && <EndSessions person={person} />}>
          {sessions.length > 0 ? <SessionTable sessions={sessions} /> : <p className="text-ink-2 text-sm">{name} is signed in nowhere.</p>}
        </Section>
      </div>
    </>
  );
}

function SignIn({ person }: { person: Person }) {
  const { link, signsInWith, state } = person;
  return (
    <Section title="Sign-in" action={state !== 'disabled' && <NewLink person={person} />}>
      <Facts>
        <Fact name="Account">{person.account ?? <span className="text-ink-3">none; the e-mail address is enough</span>}</Fact>
        <Fact name="Signs in with">
          {signsInWith.map((method) => methodWords[method]).join(', ') || <span className="text-ink-3">nothing yet</span>}
        </Fact>
        <Fact name="Last sign-in">
          {person.lastSignInAt ? <Time at={person.lastSignInAt} /> : <span className="text-ink-3">never</span>}
        </Fact>
        <Fact name="Added">
          <Time at={person.createdAt} />
        </Fact>
        <Fact name="Open link">
          {link ? (
            <>
              {link.purpose === 'invitation' ? 'an invitation' : 'to set a new password'}, expires <Time at={link.expiresAt} />
            </>
          ) : (
            <span className="text-ink-3">none</span>
          )}
        </Fact>
      </Facts>
    </Section>
  );
}

function Teams({ person: { teams, name } }: { person: Person }) {
  if (teams.length === 0)
    return (
      <p className="text-ink-2 text-sm">
        {name} is in no team. Open a team under <TextLink href="/teams">Teams</TextLink> and add them there.
      </p>
    );
  return (
    <ul className="grid gap-1.5 text-sm">
      {teams.map((team) => (
        <li key={team.slug}>
          <TextLink href={`/teams/${team.slug}`}>{team.name}</TextLink> <span className="text-ink-3">{teamRoleWords[team.role]}</span>
        </li>
      ))}
    </ul>
  );
}
