'use client';
// Starting as the second person, holding, letting go on, ending, and how fast: what follows is said before what cannot be taken back.
import { fastestPace } from '@hostmaster/core/campaign/pace';
import type { Campaign } from '@hostmaster/core/contract/campaign';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { DialogForm, FormDialog } from '@/components/ui/form-dialog';
import { Input } from '@/components/ui/input';
import { plural } from '@/lib/format/text';
import { problemOf } from '@/lib/problem';
import { useTRPC } from '@/lib/trpc';
import { campaignTitle } from './campaign-words';

export function CampaignActions({ campaign }: { campaign: Campaign }) {
  const { start, pause, resume, stop } = campaign.permissions;
  return (
    <>
      {start && <Start campaign={campaign} />}
      {(pause || resume) && <Pace campaign={campaign} />}
      {pause && <Turn campaign={campaign} to="pause" />}
      {resume && <Turn campaign={campaign} to="resume" />}
      {stop && <Stop campaign={campaign} />}
    </>
  );
}

type Given = { campaign: Campaign };

/** What every change lets be read again. */
function useShown(said: string, done?: () => void) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  return {
    onSuccess: () => {
      void queries.invalidateQueries(trpc.campaigns.pathFilter());
      toast.success(said);
      done?.();
    },
  };
}

function Turn({ campaign: { id }, to }: Given & { to: 'pause' | 'resume' }) {
  const trpc = useTRPC();
  const shown = useShown(to === 'pause' ? 'The campaign is paused.' : 'The campaign goes on.');
  const onError = (error: unknown) => toast.error(problemOf(error).detail);
  const pause = useMutation(trpc.campaigns.pause.mutationOptions({ ...shown, onError }));
  const resume = useMutation(trpc.campaigns.resume.mutationOptions({ ...shown, onError }));
  return to === 'pause' ? (
    <Button onClick={() => pause.mutate({ id })} busy={pause.isPending && 'Pausing…'}>
      Pause
    </Button>
  ) : (
    <Button look="primary" onClick={() => resume.mutate({ id })} busy={resume.isPending && 'Resuming…'}>
      Resume
    </Button>
  );
}

const Start = ({ campaign }: Given) => (
  <FormDialog
    trigger={<Button look="primary">Start…</Button>}
    title={`${campaignTitle(campaign)}?`}
    description={`${campaign.by} asked for it: ${campaign.comment}`}
  >
    {(close) => <StartIt campaign={campaign} done={close} />}
  </FormDialog>
);

function StartIt({ campaign: { id, planHash }, done }: Given & { done: () => void }) {
  const trpc = useTRPC();
  const start = useMutation(trpc.campaigns.startProposed.mutationOptions(useShown('The campaign runs.', done)));
  return (
    <DialogForm
      danger
      submit="Start the campaign"
      keep="Not now"
      busy={start.isPending && 'Starting…'}
      refused={start.error ? problemOf(start.error) : null}
      onSubmit={() => start.mutate({ id, planHash })}
    >
      <p className="text-sm">A revocation cannot be taken back. Pausing keeps the rest from it.</p>
    </DialogForm>
  );
}

const Stop = ({ campaign }: Given) => (
  <FormDialog
    trigger={<Button look="danger">Stop…</Button>}
    title="Stop the campaign for good?"
    description={`What was taken up goes on: ${plural(campaign.progress.takenUp, 'certificate')}. Nothing else is taken up, and it cannot go on later; another campaign can.`}
  >
    {(close) => <StopIt campaign={campaign} done={close} />}
  </FormDialog>
);

function StopIt({ campaign: { id }, done }: Given & { done: () => void }) {
  const trpc = useTRPC();
  const stop = useMutation(trpc.campaigns.stop.mutationOptions(useShown('The campaign is stopped.', done)));
  return (
    <DialogForm
      danger
      submit="Stop the campaign"
      keep="Keep it"
      busy={stop.isPending && 'Stopping…'}
      refused={stop.error ? problemOf(stop.error) : null}
      onSubmit={() => stop.mutate({ id })}
    />
  );
}

const Pace = ({ campaign }: Given) => (
  <FormDialog
    trigger={<Button>Pace…</Button>}
    title="How fast?"
    description={`Now ${plural(campaign.pace, 'certificate')} a minute at most.`}
  >
    {(close) => <PaceForm campaign={campaign} done={close} />}
  </FormDialog>
);

function PaceForm({ campaign: { id, pace: before }, done }: Given & { done: () => void }) {
  const trpc = useTRPC();
  const [text, setText] = useState(String(before));
  const change = useMutation(trpc.campaigns.setPace.mutationOptions(useShown('The pace is changed.', done)));
  const pace = Number(text);
  const fits = Number.isInteger(pace) && pace >= 1 && pace <= fastestPace;
  return (
    <DialogForm
      submit="Change the pace"
      busy={change.isPending && 'Changing…'}
      refused={change.error ? problemOf(change.error) : null}
      disabled={!fits}
      onSubmit={() => change.mutate({ id, pace })}
    >
      <Field label="Certificates a minute" hint={`From 1 to ${fastestPace}.`}>
        {(props) => (
          <Input {...props} type="number" min={1} max={fastestPace} value={text} onChange={(event) => setText(event.target.value)} />
        )}
      </Field>
    </DialogForm>
  );
}
