// What "Test connection" asks of an ACME server (RFC 8555): what its directory says, and whether it knows our account. No account is
// made for a test; the first order does that.
import { createPrivateKey } from 'node:crypto';
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';
import type { IssuerCheck, TestedIssuer } from '@hostmaster/core/pki/issuer';
import { accountKeyContext } from '@hostmaster/core/pki/key-store';
import { z } from 'zod';
import { type Reached, reachChecks } from '../reach-checks.ts';
import { findAccount } from './account.ts';
import type { AcmeServer } from './server.ts';
import type { AcmeOptions, AcmeSettings } from './settings.ts';

/** What is asked, opened for one test. */
export type AcmeUnderTest = {
  readonly reached: Reached;
  readonly server: AcmeServer;
  readonly connection: TestedIssuer<AcmeSettings>;
  readonly keyStore: AcmeOptions['keyStore'];
};
type Check = IssuerCheck<AcmeSettings, AcmeUnderTest>;

const mostListed = 10;
const listed = (words: readonly string[]): string =>
  words.length <= mostListed
    ? words.map(foreignWords).join(', ')
    : `${words.slice(0, mostListed).map(foreignWords).join(', ')} and ${words.length - mostListed} more`;
const refused = (message: string): HostmasterError => new HostmasterError('issuer-refused', message);

/** What of the directory is missing, or no address, where that is all that is wrong with it. */
function missingIn(error: unknown): readonly string[] {
  if (!(error instanceof HostmasterError) || !(error.cause instanceof z.ZodError)) return [];
  return [...new Set(error.cause.issues.map(({ path }) => path.map(String).join('.')))].filter((path) => path !== '');
}

const askWhoRunsIt = 'Ask whoever runs the CA, or take the address that it names for ACME clients as “Directory”.';

const directory: Check = {
  name: 'directory',
  holds: 'It answers with a directory of ACME',
  needs: 'tls',
  remedy: () => 'Give as “Directory” the address that the CA names for ACME clients, in full, such as https://…/directory.',
  async run({ server }, signal) {
    try {
      await server.directory(signal);
      return 'It names where a nonce, an account and an order are asked for (RFC 8555 §7.1.1).';
    } catch (error) {
      const missing = missingIn(error);
      if (missing.length === 0 || !(error instanceof HostmasterError)) throw error;
      throw new HostmasterError(error.code, `${error.message} Missing there, or no address with https: ${listed(missing)}.`, {
        cause: error,
      });
    }
  },
};

const revocation: Check = {
  name: 'revocation',
  holds: 'Certificates can be revoked there',
  needs: 'directory',
  remedy: () => askWhoRunsIt,
  async run({ server }, signal) {
    const { revokeCert } = await server.directory(signal);
    if (revokeCert === undefined)
      throw refused('Its directory names no revokeCert (RFC 8555 §7.1.1), so that what it signs would stay valid.');
    return 'Its directory says where.';
  },
};

const nonce: Check = {
  name: 'nonce',
  holds: 'It gives nonces',
  needs: 'directory',
  remedy: () => 'See that nothing between takes the header Replay-Nonce away, such as a proxy; otherwise ask whoever runs the CA.',
  async run({ server }, signal) {
    await server.fetchNonce(signal);
    return 'It gave one (RFC 8555 §7.2).';
  },
};

const terms: Check = {
  name: 'terms',
  holds: 'Its terms of service are known',
  needs: 'directory',
  remedy: () => askWhoRunsIt,
  async run({ server }, signal) {
    const { termsOfService } = (await server.directory(signal)).meta;
    return termsOfService === undefined
      ? 'It names none.'
      : `Whoever connects it agrees to ${foreignWords(termsOfService)}; the first order tells the CA so.`;
  },
};

const externalAccount: Check = {
  name: 'external-account',
  holds: 'It takes an account such as this one',
  needs: 'directory',
  remedy: () => 'Give “External account” and “HMAC key” as the CA handed them out to you (external account binding).',
  async run({ server, connection: { secret } }, signal) {
    const { externalAccountRequired: required } = (await server.directory(signal)).meta;
    const given = secret.length > 0;
    if (required && !given)
      throw refused('It takes accounts alone that it knows already (externalAccountRequired, RFC 8555 §7.3.4), and none is given.');
    if (!given) return 'It asks for no external account.';
    return `${required ? 'It asks for an external account, and one is given' : 'An external account is given, and it asks for none'}. Whether the CA takes it shows when the account is made, with the first order.`;
  },
};

const profile: Check = {
  name: 'profile',
  holds: 'The profile is one of its own',
  needs: 'directory',
  remedy: () => 'Give one that it names as “Profile”, or leave that empty: then the CA chooses.',
  async run({ server, connection: { settings } }, signal) {
    const named = Object.keys((await server.directory(signal)).meta.profiles);
    const names = named.length === 0 ? 'it names no profiles' : `it names ${listed(named)}`;
    if (settings.profile === '') return `None is chosen, so that the CA chooses; ${names}.`;
    if (named.includes(settings.profile)) return `It names ${settings.profile}.`;
    throw refused(`The profile ${settings.profile} is none of them: ${names}.`);
  },
};

const account: Check = {
  name: 'account',
  holds: 'The account is in order',
  needs: 'nonce',
  remedy: () =>
    'Ask the CA why. Where the account is at an end, connect the CA as an issuer of its own, which has a new one, and stop this one.',
  async run({ server, connection: { slug, key }, keyStore }, signal) {
    const later = 'it is made with the first order, and agrees to the terms of service then.';
    if (key === null) return `There is none yet, and none is made for a test: ${later}`;
    const pkcs8 = Buffer.from(keyStore.unwrapKey(key, accountKeyContext(slug)));
    const found = await findAccount(server, createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }), signal);
    if (found === null) return `The CA knows none with our key yet: ${later}`;
    if (found.status !== 'valid') throw refused(`The account ${foreignWords(found.url)} is ${foreignWords(found.status)}.`);
    return `It is ${foreignWords(found.url)}, and valid.`;
  },
};

const renewal: Check = {
  name: 'renewal',
  holds: 'Its word on renewals is known',
  needs: 'directory',
  remedy: () => askWhoRunsIt,
  async run({ server }, signal) {
    const { renewalInfo } = await server.directory(signal);
    return renewalInfo === undefined
      ? 'It has none (RFC 9773): certificates are renewed when a third of their time is left.'
      : 'It says when it wants a certificate renewed (RFC 9773), and is asked.';
  },
};

const caa: Check = {
  name: 'caa',
  holds: 'Its name in CAA records is known',
  needs: 'directory',
  remedy: () => askWhoRunsIt,
  async run({ server }, signal) {
    const { caaIdentities: identities } = (await server.directory(signal)).meta;
    const [first] = identities;
    return first === undefined
      ? 'It does not say (RFC 8555 §9.7.6).'
      : `As ${listed(identities)}. Where a zone has CAA records, one of them lets it in: 0 issue "${foreignWords(first)}".`;
  },
};

export const acmeChecks: readonly Check[] = [
  ...reachChecks({ url: 'Directory' }),
  directory,
  nonce,
  account,
  externalAccount,
  profile,
  revocation,
  terms,
  renewal,
  caa,
];
