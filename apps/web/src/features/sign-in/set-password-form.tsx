'use client';
// The link's secret stands in the fragment of the address, which a browser sends to no server. It is taken out of the address at
// once, so that it stays in no history and on no screen, and is sent in the body of one request alone.
import { zodResolver } from '@hookform/resolvers/zod';
import { setPasswordInput } from '@hostmaster/core/contract/person';
import type { ErrorCode } from '@hostmaster/core/error-table';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Form } from '@/components/ui/form';
import { Link } from '@/components/ui/link';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Bone, Loading } from '@/components/ui/skeleton';
import { NewPasswordField } from '@/features/account/new-password-field';
import { formProblems } from '@/lib/field-problems';
import { plural } from '@/lib/format/text';
import { useTRPC } from '@/lib/trpc';

/** Null until the page has looked; empty where the address has no link's secret. */
function useLinkToken(): string | null {
  const [token, setToken] = useState<string | null>(null);
  useEffect(() => {
    const take = () => {
      const found = window.location.hash.slice(1);
      setToken((before) => found || (before ?? ''));
      if (found !== '') window.history.replaceState(null, '', window.location.pathname);
    };
    take();
    window.addEventListener('hashchange', take);
    return () => window.removeEventListener('hashchange', take);
  }, []);
  return token;
}

export function SetPasswordForm() {
  const token = useLinkToken();
  if (token === '')
    return (
      <Callout state="none" title="This address has no link in it.">
        Open the whole link that a platform admin gave you. Where you cannot, ask for a new one.
      </Callout>
    );
  // Nothing can be typed before the page knows with which link it will be sent.
  if (token === null)
    return (
      <Loading what="the form">
        <div className="grid h-[9.5rem] content-start gap-4">
          <Bone className="h-9" />
          <Bone className="w-4/5" />
          <Bone className="h-9" />
        </div>
      </Loading>
    );
  return <PasswordForm key={token} token={token} />;
}

const ended: ErrorCode = 'link-ended';
const schema = setPasswordInput.pick({ password: true });

function PasswordForm({ token }: { token: string }) {
  const trpc = useTRPC();
  const { register, handleSubmit, formState, watch } = useForm({
    resolver: zodResolver(schema),
    defaultValues: { password: '' },
  });
  const set = useMutation(trpc.account.setPassword.mutationOptions());
  if (set.data) return <Done {...set.data} />;
  const own = { password: formState.errors.password?.message ?? '' };
  const { at, rest } = formProblems({ own, errors: formState.errors, error: set.error, sent: set.variables, values: watch() });
  return (
    <Form
      sending={set.isPending}
      aria-label="Set your password"
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!set.isPending) void handleSubmit(({ password }) => set.mutate({ token, password }))();
      }}
    >
      {rest && (
        <ProblemPanel
          problem={rest}
          action={
            // The link may have been used from here, by a request whose answer never came back.
            rest.code === ended && (
              <Button asChild size="sm">
                <Link href="/sign-in">Sign in</Link>
              </Button>
            )
          }
        />
      )}
      <NewPasswordField {...register('password')} label="Password" problems={at('password')} />
      <Button type="submit" look="primary" busy={set.isPending && 'Setting…'} className="w-full justify-center">
        Set the password
      </Button>
    </Form>
  );
}

function Done({ signIn, ended }: { signIn: string; ended: number }) {
  const heading = useRef<HTMLParagraphElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className="grid gap-4">
      <Callout
        state="ok"
        title={
          <span ref={heading} tabIndex={-1} className="outline-none">
            Your password is set.
          </span>
        }
      >
        Sign in as <b className="font-[560] [overflow-wrap:anywhere]">{signIn}</b>.
        {ended > 0 && ` ${plural(ended, 'session')} that you had ${ended === 1 ? 'has' : 'have'} ended.`}
      </Callout>
      <Button asChild look="primary" className="w-full justify-center">
        <Link href="/sign-in">Sign in</Link>
      </Button>
    </div>
  );
}
