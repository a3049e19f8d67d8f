'use client';
import type { ReactNode } from 'react';
import { type Control, Controller, type FieldPathByValue } from 'react-hook-form';
import type { ControlProps } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import type { FormValues } from './form-values';

/** Radix's select has no empty value; a dash that cannot be a slug stands for "none". */
const noneValue = '-';

/** One of the choices of the form; with `none`, also no choice at all. */
export function Chosen({
  control,
  name,
  options,
  none,
  props,
}: {
  control: Control<FormValues>;
  name: FieldPathByValue<FormValues, string>;
  options: readonly { value: string; label: ReactNode }[];
  none?: string;
  props: ControlProps;
}) {
  return (
    <Controller
      control={control}
      name={name}
      render={({ field }) => (
        <Select
          {...props}
          value={none && field.value === '' ? noneValue : field.value}
          onChange={(value) => field.onChange(value === noneValue ? '' : value)}
          options={none ? [{ value: noneValue, label: none }, ...options] : options}
        />
      )}
    />
  );
}
