// A certificate that a team had from elsewhere, on its way in.
import { z } from 'zod';
import { broughtProblem, maxKeyStoreLength } from '../pki/brought-certificate.ts';
import { id, timestamp } from './page.ts';
import { named, told } from './told.ts';

/** In base64. */
const mostText = 4 * Math.ceil(maxKeyStoreLength / 3);

export const certificateImport = named(
  'CertificateImport',
  z.strictObject({
    id,
    file: told(
      z
        .base64('A file is given in base64.')
        .min(1, 'Choose a file, or paste PEM.')
        .max(mostText, `A file has at most ${maxKeyStoreLength} octets.`),
      'Private key, certificate and chain in base64: PEM, PKCS #12 or JKS. It is sealed as soon as it arrives and never answered.',
      'bm90LWEta2V5',
    ),
    passphrase: told(z.string().max(1024).default(''), 'What opens it, where it is encrypted; sealed with it.', ''),
  }),
  'A certificate from elsewhere, with its key.',
);
export type CertificateImport = z.output<typeof certificateImport>;

const problem = named(
  'ImportProblem',
  broughtProblem.extend({
    rule: told(z.string(), 'The rule that it breaks.', 'import-names'),
    reason: told(z.string(), 'What is wrong.', 'It is for www.example.test, and not for orders.dev.example.test.'),
    remedy: told(z.string(), 'What would mend it.', 'Bring one that has every name of the contract among its alternative names.'),
  }),
  'Something that keeps a certificate from being imported.',
);

/** Of an endpoint whose certificates its team brings. */
export const broughtCertificate = named(
  'BroughtCertificate',
  z.object({
    by: told(z.string(), 'Who brought it.', 'Ann Lee'),
    at: told(timestamp, 'When.'),
    problems: told(z.array(problem).nullable(), 'Everything that is wrong with it; null while no worker has read it.'),
  }),
  'A certificate that was brought and is not taken in.',
);
