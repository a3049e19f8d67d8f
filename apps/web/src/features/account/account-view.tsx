'use client';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { toast } from 'sonner';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Fact, Facts, Section } from '@/components/ui/card';
import { TextLink } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { TakeAway } from '@/components/ui/take-away';
import { plural } from '@/lib/format/text';
import { useTRPC } from '@/lib/trpc';
import { useReadAgain } from '@/lib/use-read-again';
import { ChangePassword } from './change-password';
import { isPlatform, roleWords } from './roles';
import { SessionTable } from './session-table';
import { useMe } from './use-me';

export function AccountView() {
  const me = useMe();
  return (
    <>
      <PageHeader title="Your account" sub={<p>Who you are here, and where you are signed in.</p>} />
      <div className="grid gap-5">
        <Section title="You">
          <Facts>
            <Fact name="Name">{me.name}</Fact>
            <Fact name="E-mail">{me.email}</Fact>
            <Fact name="Roles">{me.roles.map((role) => roleWords[role]).join(', ') || <span className="text-ink-3">none</span>}</Fact>
            <Fact name="Teams">
              {me.teams.length === 0 ? (
                isPlatform(me) ? (
                  <span className="text-ink-3">
                    none; make one, or add yourself to one, under <TextLink href="/teams">Teams</TextLink>
                  </span>
                ) : (
                  <span className="text-ink-3">none; a maintainer of a team or a platform admin puts you into one</span>
                )
              ) : (
                me.teams.map((team, index) => (
                  <span key={team.slug}>
                    {index > 0 && ', '}
                    <TextLink href={`/teams/${team.slug}`}>{team.name}</TextLink>
                    {team.role === 'maintainer' && <span className="text-ink-3"> maintainer</span>}
                  </span>
                ))
              )}
            </Fact>
          </Facts>
        </Section>
        <Section title="Password" note="your other sessions end when it changes">
          <ChangePassword signIn={me.email} />
        </Section>
        <OwnSessions />
      </div>
    </>
  );
}

function OwnSessions() {
  const trpc = useTRPC();
  const readAgain = useReadAgain();
  const { data } = useSuspenseQuery({ ...trpc.account.sessions.queryOptions(), refetchInterval: 15_000 });
  const others = data.rows.filter(({ current }) => !current).length;
  const end = useMutation(
    trpc.account.endOtherSessions.mutationOptions({
      onSuccess: async ({ ended }) => {
        await readAgain(trpc.account.sessions.queryFilter());
        toast.success(`${plural(ended, 'other session')} ended.`);
      },
    }),
  );
  return (
    <Section
      title="Sessions"
      note="every browser in which you are signed in"
      flush
      action={
        others > 0 && (
          <Button size="sm" busy={end.isPending && 'Ending…'} onClick={() => end.mutate()}>
            End all others
          </Button>
        )
      }
    >
      {end.error && <ProblemPanel error={end.error} className="m-4" />}
      <SessionTable
        sessions={data.rows}
        last={{ header: 'End', cell: (row) => (row.current ? <Badge>this one</Badge> : <EndSession id={row.id} browser={row.browser} />) }}
      />
    </Section>
  );
}

function EndSession({ id, browser }: { id: string; browser: string | null }) {
  const trpc = useTRPC();
  const which = browser ?? 'a browser that is not known';
  return (
    <TakeAway
      verb="End"
      kind="session"
      which={`the session in ${which}`}
      title={`End the session in ${which}?`}
      description="Whoever uses it is signed out with the next click."
      options={trpc.account.endSession.mutationOptions()}
      input={{ id }}
      shownBy={[trpc.account.sessions.queryFilter()]}
      done="The session ended."
    />
  );
}
