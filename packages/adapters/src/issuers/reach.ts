// How an issuer that others run is reached: the settings that every kind of them has.
import { allowedRanges } from '@hostmaster/core/contract/network';
import { breakRule } from '@hostmaster/core/contract/own-rule';
import { z } from 'zod';

export const rangesOf = (text: string): string[] => text.split(/\s+/).filter((range) => range !== '');

/** @param what is reached */
export const trustSetting = (what: string) =>
  z
    .string()
    .max(64 * 1024)
    .default('')
    .meta({
      title: 'Trusted for its address',
      description: `PEM of the CA that vouches for ${what} itself, where no public one does.`,
      examples: [''],
    });

/** @param what is reached */
export const addressesSetting = (what: string) =>
  z
    .string()
    .max(1024)
    .superRefine((text, context) => {
      const fault = allowedRanges.safeParse(rangesOf(text)).error?.issues[0]?.message;
      if (fault !== undefined)
        breakRule(context, { rule: 'allowed-range', reason: fault, remedy: 'Give ranges such as 10.0.0.0/8, with blanks between.' });
    })
    .default('')
    .meta({
      title: 'Addresses',
      description: `Ranges beyond public addresses that ${what} may be at, with blanks between.`,
      examples: ['10.0.0.0/8'],
    });
