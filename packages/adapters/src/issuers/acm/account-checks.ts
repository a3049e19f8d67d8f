// What "Test connection" asks of an account of ACM, whatever Hostmaster does there: where it is asked, whether it knows the access key, whether
// the account is the one that was meant, and what its policy allows. Nothing is made there for it.
import { ListCertificatesCommand } from '@aws-sdk/client-acm';
import type { ConnectionCheck } from '@hostmaster/core/connection-check';
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';
import type { Reached } from '../reach-checks.ts';
import { type AcmClient, type AcmUse, policyCommand, refusalIn } from './client.ts';
import { type AcmSettings, endpointOf } from './settings.ts';

/** What is asked, opened for one test. */
export type AcmReached = { readonly reached: Reached; readonly client: AcmClient; readonly settings: AcmSettings };
type Check<Tested = AcmReached> = ConnectionCheck<Tested, { readonly settings: AcmSettings }>;

export function reachedWith(client: AcmClient, settings: AcmSettings): AcmReached {
  const { trust, addresses } = settings;
  return { reached: { url: endpointOf(settings), trust, addresses }, client, settings };
}

const mostListed = 100;
/** No certificate has it. */
export const nobodys = '00000000-0000-0000-0000-000000000000';
/** Tags that begin so are AWS's own: a request with one is refused (InvalidTagException), whoever makes it. */
export const tagOfNobody = { Key: 'aws:hostmaster', Value: 'test' };

const list = async ({ client }: AcmReached, signal: AbortSignal) => {
  const command = new ListCertificatesCommand({
    Includes: { keyTypes: ['RSA_2048', 'EC_prime256v1', 'EC_secp384r1'] },
    MaxItems: mostListed,
  });
  const { CertificateSummaryList = [] } = await client.call('acm:ListCertificates', (acm, options) => acm.send(command, options), signal);
  return CertificateSummaryList;
};

export const endpointCheck: Check = {
  name: 'endpoint',
  holds: 'Where it is asked is known',
  remedy: () => 'Give “Endpoint” as the console of VPC endpoints shows it, or leave it empty.',
  run: async ({ settings }) =>
    `${endpointOf(settings)}${settings.endpoint === '' ? ', the public one of the region' : ', as it was given'}.`,
};

export const signInCheck = (use: AcmUse): Check => ({
  name: 'sign-in',
  holds: 'ACM knows the access key, and lets it list certificates',
  needs: 'tls',
  remedy: (_, { settings }) =>
    `Compare “Region” and “Access key”, and give the secret access key anew; or have whoever runs the account run: ${policyCommand(use, settings)}`,
  async run(tested, signal) {
    const found = await list(tested, signal);
    return `It listed ${found.length === mostListed ? `${mostListed} certificates or more` : found.length === 1 ? 'one certificate' : `${found.length} certificates`} in ${tested.settings.region}.`;
  },
});

/** @param shows when it shows, where there is nothing yet to see it by */
export const accountCheck = (use: AcmUse, shows: string): Check => ({
  name: 'account',
  holds: 'The account is the one that was meant',
  needs: 'sign-in',
  remedy: () => 'Give the access key of a user in that account, or the id of the account that it is of as “Account”.',
  async run(tested, signal) {
    const refused = (message: string): HostmasterError => new HostmasterError(use.refused, message);
    const { account: meant, region } = tested.settings;
    const [first] = (await list(tested, signal)).flatMap(({ CertificateArn }) =>
      CertificateArn === undefined ? [] : [CertificateArn.split(':')],
    );
    if (first === undefined) return `There is no certificate yet to see that by: it shows with the first ${shows}.`;
    const [, , , at = '', of = ''] = first;
    if (of !== meant) throw refused(`It is ${foreignWords(of)}, and not ${meant}.`);
    if (at !== region) throw refused(`What it lists is in ${foreignWords(at)}, and not in ${region}.`);
    return `It is ${meant}.`;
  },
});

type Rights<Tested> = {
  readonly use: AcmUse;
  /** What its policy is to let Hostmaster do. */
  readonly holds: string;
  /** By each right, something that needs it and that is refused for another reason where it is there. */
  readonly asked: (tested: Tested, signal: AbortSignal) => Readonly<Record<string, () => Promise<unknown>>>;
};

export const rightsCheck = <Tested>({ use, holds, asked: askedOf }: Rights<Tested>): Check<Tested> => ({
  name: 'rights',
  holds,
  needs: 'sign-in',
  remedy: (_, { settings }) => `Have whoever runs the account run: ${policyCommand(use, settings)}`,
  async run(tested, signal) {
    const asked = askedOf(tested, signal);
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
    if (missing.length > 0) throw new HostmasterError(use.refused, `It lacks ${missing.join(', ')}.`);
    return `It may ${Object.keys(asked).join(', ')}. Whether it may acm:DeleteCertificate shows when the first one is not wanted any more.`;
  },
});

/** A refusal that comes after its rights were looked at: there is nothing of the kind, or the tag is nobody's. */
const isAboutWhatWasAsked = (error: unknown): boolean =>
  ['ResourceNotFoundException', 'InvalidTagException', 'InvalidParameterException', 'ValidationException', 'TagPolicyException'].includes(
    refusalIn(error) ?? '',
  );
