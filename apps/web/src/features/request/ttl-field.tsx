'use client';
import { type Control, Controller, type UseFormRegister } from 'react-hook-form';
import { FieldGroup, type FieldProblem } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Segmented } from '@/components/ui/segmented';
import type { FormValues } from './form-values';
import { ttlOptions } from './options';

/** One of the classes, or seconds of one's own. */
export function TtlField({
  control,
  register,
  ttl,
  problems,
}: {
  control: Control<FormValues>;
  register: UseFormRegister<FormValues>;
  ttl: FormValues['ttl'];
  problems: readonly FieldProblem[];
}) {
  return (
    <FieldGroup
      label="Time to live"
      problems={problems}
      hint="How long resolvers may keep the answer, so how fast a change arrives everywhere."
    >
      <div className="flex flex-wrap items-center gap-2">
        <Controller
          control={control}
          name="ttl"
          render={({ field }) => <Segmented value={field.value} onChange={field.onChange} options={ttlOptions} label="Time to live" />}
        />
        {ttl === 'seconds' && (
          <Input
            {...register('ttlSeconds')}
            aria-label="Time to live in seconds"
            inputMode="numeric"
            placeholder="seconds"
            className="w-28"
          />
        )}
      </div>
    </FieldGroup>
  );
}
