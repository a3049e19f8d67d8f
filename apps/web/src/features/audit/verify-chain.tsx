'use client';
import { useQuery } from '@tanstack/react-query';
import { Link2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { sentence } from '@/lib/format/text';
import { exact } from '@/lib/format/time';
import { useTRPC } from '@/lib/trpc';
import { notedText, wholeText, wholeTitle } from './whole';

/** Recomputes every hash from the first event on, says up to where they follow, and holds that against a head that somebody noted. */
export function VerifyChain() {
  const trpc = useTRPC();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const [noted, setNoted] = useState('');
  const { data, error, isFetching, refetch } = useQuery({
    ...trpc.audit.verify.queryOptions(noted === '' ? {} : { noted }),
    enabled: open,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const compared = data && !isFetching ? notedText(data, noted) : null;
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button>
          <Link2 aria-hidden /> Verify the chain
        </Button>
      }
      title="The audit chain"
      description="Every event is hashed together with the hash of the event before it."
    >
      <div aria-live="polite" className="grid gap-3">
        {isFetching ? (
          <Callout state="wait" title="Recomputing every hash…" />
        ) : error ? (
          <ProblemPanel error={error} />
        ) : data?.ok ? (
          <Callout state={compared?.ok === false ? 'bad' : 'ok'} title={wholeTitle(data)}>
            {compared?.text ?? wholeText}
          </Callout>
        ) : data?.brokenAt ? (
          <Callout state="bad" title={`Broken at event ${data.brokenAt.seq}.`}>
            {sentence(data.brokenAt.reason)} Events before it are whole. Keep a copy of the database and tell security.
          </Callout>
        ) : null}
        {data && !isFetching && (
          <p className="text-ink-3 text-xs">
            {exact(data.verifiedAt)}
            {data.head && (
              <>
                , head <span className="data break-all">{data.head}</span>
              </>
            )}
          </p>
        )}
      </div>
      <Form
        sending={isFetching}
        className="mt-4 grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (isFetching) return;
          if (typed.trim() === noted) void refetch();
          else setNoted(typed.trim());
        }}
      >
        <Field label="A head that you noted" optional hint="Note the head above outside of this installation, and give it here next time.">
          {(props) => (
            <Input
              {...props}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              className="data"
              spellCheck={false}
              autoCapitalize="none"
              autoComplete="off"
            />
          )}
        </Field>
        <div className="flex justify-end">
          <Button type="submit" busy={isFetching && 'Verifying…'}>
            Verify again
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
