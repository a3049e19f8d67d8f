'use client';
/** The way out of a session that ended, and back to this very page. The browser loads it anew: what was read before is nobody's. */
export function SignInAgain() {
  return (
    <a
      href="/sign-in"
      onClick={(event) => {
        const { pathname, search } = window.location;
        event.currentTarget.href = `/sign-in?${new URLSearchParams({ callbackUrl: pathname + search })}`;
      }}
      className="rounded-[3px] text-accent underline decoration-accent/40 underline-offset-3 hover:decoration-accent"
    >
      Sign in again
    </a>
  );
}
