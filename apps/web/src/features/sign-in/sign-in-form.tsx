'use client';
import type { Route } from 'next';
import { useRouter } from 'next/navigation';
import { signIn } from 'next-auth/react';
import { useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';

type Props = {
  /** A path of this portal. */
  next: string;
  /** How the organisation's provider is called; null where none is configured. */
  provider: string | null;
  /** What a sign-in elsewhere ended with. */
  error: string | null;
};

export function SignInForm({ next, provider, error: given }: Props) {
  const router = useRouter();
  const password = useRef<HTMLInputElement>(null);
  const [error, setError] = useState(given);
  const [busy, setBusy] = useState(false);
  const submit = async (form: FormData) => {
    setBusy(true);
    try {
      const answer = await signIn('credentials', { account: form.get('account'), password: form.get('password'), redirect: false });
      if (answer?.ok && !answer.error) {
        router.replace(next as Route);
        router.refresh();
        return;
      }
      setError(!answer?.error || answer.error === 'CredentialsSignin' ? 'The account or the password is not right.' : answer.error);
      password.current?.select();
    } catch {
      setError('The server did not answer. Check the connection and try again.');
    }
    setBusy(false);
  };
  return (
    <div className="grid gap-4">
      <div aria-live="assertive">{error && <Callout state="bad" title={error} />}</div>
      {/* biome-ignore lint/correctness/noRestrictedElements: its fields are the browser's own, which keep what is typed at any time */}
      <form
        // Sent before the page has its scripts, a password does not go into the address.
        method="post"
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void submit(new FormData(event.currentTarget));
        }}
      >
        <Field label="Account or e-mail">
          {(props) => (
            <Input {...props} name="account" autoComplete="username" autoCapitalize="none" spellCheck={false} required autoFocus />
          )}
        </Field>
        <Field label="Password">
          {(props) => <Input {...props} ref={password} name="password" type="password" autoComplete="current-password" required />}
        </Field>
        <Button type="submit" look="primary" busy={busy && 'Signing in…'} className="w-full justify-center">
          Sign in
        </Button>
      </form>
      {provider && (
        <>
          <p className="flex items-center gap-3 text-ink-3 text-xs before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
            or
          </p>
          <Button className="w-full justify-center" onClick={() => void signIn('oidc', { callbackUrl: next })}>
            Continue with {provider}
          </Button>
        </>
      )}
    </div>
  );
}
