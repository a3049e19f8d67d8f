import { z } from 'zod';
import { named } from './told.ts';

export const keyHolder = named(
  'KeyHolder',
  z.enum(['hostmaster', 'requester']),
  'Where a private key is made and kept: here, or at the requester, who sent a CSR.',
);
