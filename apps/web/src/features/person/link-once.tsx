'use client';
import type { PasswordLink } from '@hostmaster/core/contract/person';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Code } from '@/components/ui/code';
import { exact } from '@/lib/format/time';

/** The link as it is shown once: for whom, until when, and how it gets there. */
export function LinkOnce({ link, done }: { link: PasswordLink; done: () => void }) {
  return (
    <div className="grid gap-4">
      <Callout state="wait" title="Copy it now: this is the only time that it is shown.">
        Whoever opens it sets the password of {link.name}. It works once, and expires on{' '}
        <span className="whitespace-nowrap">{exact(link.expiresAt)}</span>.
      </Callout>
      <Code text={link.link} label="the link" wrap />
      <p className="text-ink-2 text-sm">
        Hand it to {link.name} yourself, by a channel that you trust and that nobody else reads. Hostmaster sends it to nobody.
      </p>
      <div className="flex justify-end">
        <Button look="primary" onClick={done}>
          I have copied it
        </Button>
      </div>
    </div>
  );
}
