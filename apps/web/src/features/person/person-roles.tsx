'use client';
import type { Person } from '@hostmaster/core/contract/person';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { CheckboxGroup } from '@/components/ui/checkbox-group';
import { FieldGroup } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { useTRPC } from '@/lib/trpc';
import { useReadAgain } from '@/lib/use-read-again';
import { roleOptions } from './words';

/** What somebody may do in the organisation; made anew where the roles were changed meanwhile. */
export function PersonRoles({ person: { id, name, roles } }: { person: Person }) {
  const trpc = useTRPC();
  const readAgain = useReadAgain();
  const [chosen, setChosen] = useState(roles);
  const changed = chosen.length !== roles.length || chosen.some((role) => !roles.includes(role));
  const save = useMutation(
    trpc.people.setRoles.mutationOptions({
      onSuccess: async () => {
        await readAgain(trpc.people.pathFilter(), trpc.account.me.queryFilter());
        toast.success(`The roles of ${name} are changed.`);
      },
    }),
  );
  return (
    <Form
      sending={save.isPending}
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (changed && !save.isPending) save.mutate({ id, roles: chosen });
      }}
    >
      <FieldGroup label={<span className="sr-only">Roles</span>} hint="Without one, somebody does what their teams may.">
        <CheckboxGroup value={chosen} onChange={setChosen} options={roleOptions} />
      </FieldGroup>
      {save.error && <ProblemPanel error={save.error} />}
      <div>
        <Button type="submit" size="sm" disabled={!changed} busy={save.isPending && 'Saving…'}>
          Save the roles
        </Button>
      </div>
    </Form>
  );
}
