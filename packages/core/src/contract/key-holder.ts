import { z } from 'zod';
import { keyHolders } from '../pki/key-holder.ts';
import { named } from './told.ts';

export const keyHolder = named(
  'KeyHolder',
  z.enum(keyHolders),
  'Where a private key is made and kept: here, at the requester, who sent a CSR, or at the issuer, where whatever ends TLS has to use it.',
);
