// Whoever signed a certificate that its team brought. Nobody here has an account there, so that it is asked for nothing: what it signed is
// all that is known of it.
import { HostmasterError } from '@hostmaster/core/errors';
import type { CertificateIssuer, IssuerCapabilities, IssuerDescriptor } from '@hostmaster/core/pki/issuer';
import { z } from 'zod';

const capabilities: IssuerCapabilities = {
  leaves: { no: 'its certificates are brought' },
  wildcards: { no: 'its certificates are brought' },
  revoke: { no: 'whoever has the account there asks it, with the serial' },
  renewalWindow: { no: 'it is not asked' },
  authority: { no: 'its key is elsewhere' },
  keepsKey: { no: 'its keys are brought' },
  changeKey: { no: 'it has no account' },
};

export const imported: IssuerDescriptor<unknown> = {
  kind: 'imported',
  label: 'Imported',
  summary: 'Whoever issued a certificate that its team brings with its key.',
  settings: z.strictObject({}),
  secret: null,
  capabilities,
  checks: [],
  provesInDns: false,
  identifiedBy: [],
  ownKey: null,

  open({ slug }): CertificateIssuer {
    const refuse = (): never => {
      throw new HostmasterError('issuer-refused', `${slug} is known by what it signed, and signs nothing for Hostmaster.`);
    };
    return { capabilities, begin: refuse, issue: async () => refuse() };
  },
};
