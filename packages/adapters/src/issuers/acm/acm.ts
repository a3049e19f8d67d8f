// Certificates from AWS Certificate Manager (ACM), for what AWS runs: it makes the key, never hands it out, and renews by itself for as long as
// something uses the certificate and the aliases that prove control stay in DNS.
import { acmSetup } from '@hostmaster/core/acm/policy';
import { day } from '@hostmaster/core/duration';
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import type { CertificateIssuer, IssuerCapabilities, IssuerConnection, IssuerDescriptor } from '@hostmaster/core/pki/issuer';
import type { KeptCertificates } from '@hostmaster/core/pki/kept';
import { requireHostnames } from '@hostmaster/core/pki/order-request';
import { leftAtRenewal } from '@hostmaster/core/pki/renewal';
import type { StandingProofs } from '@hostmaster/core/pki/standing-proofs';
import { reachedWith } from './account-checks.ts';
import { chainOf, describe, orderOf, renewalOf, serialOf } from './certificate.ts';
import { type AcmUnderTest, acmChecks } from './checks.ts';
import { type AcmClient, acmClient, ordering, refusalIn } from './client.ts';
import { acmResume, askOn, begin } from './order.ts';
import { remove } from './request.ts';
import { type AcmSettings, acmSecret, acmSettings, tagsOf } from './settings.ts';

export type AcmOptions = { readonly standingProofs: StandingProofs };

const capabilities: IssuerCapabilities = {
  leaves: true,
  wildcards: true,
  revoke: { no: 'ACM revokes what was exported alone; what nobody wants is deleted there with its key' },
  renewalWindow: true,
  authority: { no: 'its keys are elsewhere' },
  keepsKey: true,
  changeKey: { no: 'what it is asked with is changed under “Edit”' },
};

/** https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html */
const caaIdentities = ['amazon.com', 'amazontrust.com', 'awstrust.com', 'amazonaws.com'];
/** https://docs.aws.amazon.com/acm/latest/userguide/dns-renewal-validation.html */
const renewsMilliseconds = 60 * day;

const keptBy = (client: AcmClient, now: () => Date): KeptCertificates => ({
  async look(arn, signal) {
    const found = await describe(client, arn, signal);
    if (found === null) return null;
    const chain = found.Status === 'ISSUED' ? await chainOf(client, arn, now(), signal) : null;
    return { serial: serialOf(chain ?? []), inUseBy: (found.InUseBy ?? []).map(foreignWords), renewal: renewalOf(found) };
  },

  async remove(arn, signal) {
    const found = await describe(client, arn, signal);
    if (found === null) return;
    // Its policy says the same; who deletes by an ARN alone must not be led to what others have there.
    if ((await orderOf(client, arn, signal)) === null)
      throw new HostmasterError('issuer-refused', `${arn} does not have the tag of an order of Hostmaster, and is not deleted.`);
    const used = (by: readonly string[]) => `${arn} is in use${by.length === 0 ? '' : ` by ${by.map(foreignWords).join(', ')}`}.`;
    if ((found.InUseBy ?? []).length > 0) throw new HostmasterError('in-use', used(found.InUseBy ?? []));
    try {
      await remove(client, arn, signal);
    } catch (error) {
      const refusal = refusalIn(error);
      if (refusal === 'ResourceNotFoundException') return;
      if (refusal === 'ResourceInUseException') throw new HostmasterError('in-use', used([]), { cause: error });
      throw error;
    }
  },
});

const placeOf = ({ region, account }: AcmSettings) => ({ region, account });

export const acm: IssuerDescriptor<AcmOptions, typeof acmSettings> = {
  kind: 'acm',
  label: 'AWS Certificate Manager',
  summary: 'Certificates for load balancers and CloudFront in an account of AWS: the key stays there, and AWS renews.',
  settings: acmSettings,
  secret: { purpose: 'aws', input: acmSecret, optional: false },
  capabilities,
  checks: acmChecks,
  provesInDns: 'CNAME',
  identifiedBy: ['region', 'account'],
  ownKey: null,
  setup: (settings) => acmSetup(placeOf(settings)),

  open(connection: IssuerConnection<AcmSettings>, { clock, standingProofs }): CertificateIssuer {
    const { settings } = connection;
    const client = acmClient(connection, ordering);
    const now = () => clock.now();
    const deps = { client, place: placeOf(settings), tags: tagsOf(settings.tags), proofs: standingProofs, now };
    return {
      capabilities,
      begin,

      async issue(order, stored, signal, saw = () => {}) {
        signal.throwIfAborted();
        requireHostnames(order);
        return askOn({ ...deps, saw }, order, acmResume.parse(stored), signal);
      },

      async caa(method) {
        return { identities: caaIdentities, accountUri: '', method };
      },

      /** ACM says nothing of it before it renews: when that is to have happened. */
      async renewalWindow(leaf) {
        const { notBefore, notAfter } = readCertificate(leaf);
        const left = Math.min(renewsMilliseconds, leftAtRenewal(notAfter.getTime() - notBefore.getTime()));
        return { start: new Date(notAfter.getTime() - left), end: new Date(notAfter.getTime() - (left * 3) / 4) };
      },

      kept: keptBy(client, now),
    };
  },

  openTest(connection): AcmUnderTest {
    const { settings, suffixes } = connection;
    return { ...reachedWith(acmClient(connection, ordering), settings), suffixes };
  },
};
