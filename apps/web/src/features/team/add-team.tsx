'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { teamInput } from '@hostmaster/core/contract/governance';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { useTRPC } from '@/lib/trpc';

export function AddTeam() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const { register, handleSubmit, formState, reset } = useForm({ resolver: zodResolver(teamInput), defaultValues: { slug: '', name: '' } });
  const create = useMutation(
    trpc.teams.create.mutationOptions({
      onSuccess: (team) => {
        void queries.invalidateQueries(trpc.teams.pathFilter());
        toast.success(`The team ${team.name} exists.`);
        reset();
        setOpen(false);
      },
    }),
  );
  const { slug, name } = formState.errors;
  return (
    <Dialog open={open} onOpenChange={setOpen} trigger={<Button look="primary">Add a team</Button>} title="Add a team">
      <form noValidate className="grid gap-5" onSubmit={handleSubmit((values) => !create.isPending && create.mutate(values))}>
        <Field label="Name" problems={name ? [{ reason: 'Give the team a name.' }] : []}>
          {(props) => <Input {...props} {...register('name')} placeholder="Order platform" />}
        </Field>
        <Field
          label="Short name"
          hint="In contracts and in the API."
          problems={slug ? [{ reason: slug.message ?? 'Give a short name.' }] : []}
        >
          {(props) => (
            <Input
              {...props}
              {...register('slug')}
              className="data"
              placeholder="order-platform"
              spellCheck={false}
              autoCapitalize="none"
            />
          )}
        </Field>
        {create.error && <ProblemPanel error={create.error} />}
        <div className="flex justify-end">
          <Button type="submit" look="primary" busy={create.isPending && 'Adding…'}>
            Add the team
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
