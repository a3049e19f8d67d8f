// What "Test connection" asks of ACM: whether it knows the access key, whether the account is the one that was meant, and what its policy allows.
// Nothing is made there for it.
import { ListCertificatesCommand, RequestCertificateCommand } from '@aws-sdk/client-acm';
import { acmSetup, arnPattern } from '@hostmaster/core/acm/policy';
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';
import type { IssuerCheck, TestedIssuer } from '@hostmaster/core/pki/issuer';
import { type Reached, reachChecks } from '../reach-checks.ts';
import { chainOf, describe, orderOf } from './certificate.ts';
import { type AcmClient, refusalIn } from './client.ts';
import { remove } from './request.ts';
import { type AcmSettings, endpointOf } from './settings.ts';

/** What is asked, opened for one test. */
export type AcmUnderTest = {
  readonly reached: Reached;
  readonly client: AcmClient;
  readonly connection: TestedIssuer<AcmSettings>;
};
type Check = IssuerCheck<AcmSettings, AcmUnderTest>;

const refused = (message: string): HostmasterError => new HostmasterError('issuer-refused', message);
const policyCommand = (settings: AcmSettings): string => acmSetup(settings)[1]?.command ?? '';
const mostListed = 100;
/** No certificate has it. */
const nobodys = '00000000-0000-0000-0000-000000000000';
/** Tags that begin so are AWS's own: a request with one is refused (InvalidTagException), whoever makes it. */
const tagOfNobody = { Key: 'aws:hostmaster', Value: 'test' };

const list = async ({ client }: AcmUnderTest, signal: AbortSignal) => {
  const command = new ListCertificatesCommand({
    Includes: { keyTypes: ['RSA_2048', 'EC_prime256v1', 'EC_secp384r1'] },
    MaxItems: mostListed,
  });
  const { CertificateSummaryList = [] } = await client.call('acm:ListCertificates', (acm, options) => acm.send(command, options), signal);
  return CertificateSummaryList;
};

const signIn: Check = {
  name: 'sign-in',
  holds: 'ACM knows the access key, and lets it list certificates',
  needs: 'tls',
  remedy: (_, { settings }) =>
    `Compare “Region” and “Access key”, and give the secret access key anew; or have whoever runs the account run: ${policyCommand(settings)}`,
  async run(tested, signal) {
    const found = await list(tested, signal);
    return `It listed ${found.length === mostListed ? `${mostListed} certificates or more` : found.length === 1 ? 'one certificate' : `${found.length} certificates`} in ${tested.connection.settings.region}.`;
  },
};

const account: Check = {
  name: 'account',
  holds: 'The account is the one that was meant',
  needs: 'sign-in',
  remedy: () => 'Give the access key of a user in that account, or the id of the account that it is of as “Account”.',
  async run(tested, signal) {
    const { account: meant, region } = tested.connection.settings;
    const [first] = (await list(tested, signal)).flatMap(({ CertificateArn }) =>
      CertificateArn === undefined ? [] : [CertificateArn.split(':')],
    );
    if (first === undefined)
      return 'There is no certificate yet to see that by: it shows with the first order, which is deleted where it is in another one.';
    const [, , , at = '', of = ''] = first;
    if (of !== meant) throw refused(`It is ${foreignWords(of)}, and not ${meant}.`);
    if (at !== region) throw refused(`What it lists is in ${foreignWords(at)}, and not in ${region}.`);
    return `It is ${meant}.`;
  },
};

const rights: Check = {
  name: 'rights',
  holds: 'Its policy lets Hostmaster order and read',
  needs: 'sign-in',
  remedy: (_, { settings }) => `Have whoever runs the account run: ${policyCommand(settings)}`,
  async run({ client, connection: { settings, suffixes } }, signal) {
    const arn = arnPattern(settings).replace('*', nobodys);
    const asked: Readonly<Record<string, () => Promise<unknown>>> = {
      'acm:RequestCertificate': () => requestNothing(client, `hostmaster-test.${suffixes[0] ?? 'invalid'}`, signal),
      'acm:DescribeCertificate': () => describe(client, arn, signal),
      'acm:GetCertificate': () => chainOf(client, arn, new Date(0), signal),
      'acm:ListTagsForCertificate': () => orderOf(client, arn, signal),
    };
    const missing: string[] = [];
    for (const [action, ask] of Object.entries(asked)) {
      const error = await ask().then(
        () => null,
        (thrown: unknown) => thrown,
      );
      if (error === null || isAboutWhatWasAsked(error)) continue;
      if (refusalIn(error) !== 'AccessDeniedException') throw error;
      missing.push(action);
    }
    if (missing.length > 0) throw refused(`It lacks ${missing.join(', ')}.`);
    return `It may ${Object.keys(asked).join(', ')}. Whether it may acm:DeleteCertificate shows when the first one is not wanted any more.`;
  },
};

/** A refusal that comes after its rights were looked at: there is nothing of the kind, or the tag is nobody's. */
const isAboutWhatWasAsked = (error: unknown): boolean =>
  ['ResourceNotFoundException', 'InvalidTagException', 'InvalidParameterException', 'ValidationException', 'TagPolicyException'].includes(
    refusalIn(error) ?? '',
  );

async function requestNothing(client: AcmClient, name: string, signal: AbortSignal): Promise<void> {
  const command = new RequestCertificateCommand({ DomainName: name, ValidationMethod: 'DNS', Tags: [tagOfNobody] });
  const { CertificateArn } = await client.call('acm:RequestCertificate', (acm, options) => acm.send(command, options), signal);
  // What answers is no ACM, and has made one.
  if (CertificateArn !== undefined) await remove(client, CertificateArn, signal);
}

const endpoint: Check = {
  name: 'endpoint',
  holds: 'Where it is asked is known',
  remedy: () => 'Give “Endpoint” as the console of VPC endpoints shows it, or leave it empty.',
  run: async ({ connection: { settings } }) =>
    `${endpointOf(settings)}${settings.endpoint === '' ? ', the public one of the region' : ', as it was given'}.`,
};

export const acmChecks: readonly Check[] = [endpoint, ...reachChecks({ url: 'Endpoint' }), signIn, account, rights];
