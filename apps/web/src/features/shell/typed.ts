import { z } from 'zod';

const ipAddress = z.union([z.ipv4(), z.ipv6()]);

/** What can be done with what was typed into the command box: an address leads somewhere, and is no name that anybody could have. */
export const typedAs = (text: string): 'name' | 'address' | 'text' =>
  ipAddress.safeParse(text).success ? 'address' : /^[^\s/]+\.[^\s/.]*\p{L}[^\s/.]*$/u.test(text) ? 'name' : 'text';
