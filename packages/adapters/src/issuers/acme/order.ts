// One order at an ACME server (RFC 8555 §7.4), from whatever state it is found in to the next one that has to be waited for.
import { keyAuthorization } from '@hostmaster/core/acme/challenge';
import { nextOf, type PendingProof } from '@hostmaster/core/acme/order-flow';
import { trailOf } from '@hostmaster/core/acme/order-trail';
import type { Proof, ProofLook, Proofs } from '@hostmaster/core/acme/proofs';
import { renewalIdentifier } from '@hostmaster/core/acme/renewal-info';
import { type AcmeAuthorization, type AcmeOrder, acmeAuthorization, acmeOrder } from '@hostmaster/core/acme/resource';
import { HostmasterError } from '@hostmaster/core/errors';
import { hostmaster, issuerOperator, theIssuer, zoneOwner } from '@hostmaster/core/operation/moves-next';
import { isTrustAnchor, splitPem } from '@hostmaster/core/pki/chain';
import type { CertificateRequest } from '@hostmaster/core/pki/csr';
import type { CertificateOrder, Progress } from '@hostmaster/core/pki/issuer';
import type { OrderTrail } from '@hostmaster/core/pki/order-trail';
import { z } from 'zod';
import type { AcmeAccount } from './account.ts';
import type { AcmeAnswer, AcmeServer, Taken } from './server.ts';

/** What an order goes on from: where it is at the server, and how often it came to nothing. */
export const acmeResume = z.object({ url: z.string().nullable(), failures: z.number().int() });
export type AcmeResume = z.output<typeof acmeResume>;

export type OrderDeps = {
  readonly name: string;
  readonly server: AcmeServer;
  readonly account: AcmeAccount;
  readonly proofs: Proofs;
  /** Where the server asks for proofs that stand in no DNS. */
  readonly ports: Omit<ProofLook, 'method'>;
  /** One of those that the directory names (draft-aaron-acme-profiles); null: as the server likes. */
  readonly profile: string | null;
  readonly now: () => Date;
  /** Resolves after so many milliseconds, or fails with the signal's reason. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
  readonly saw: (trail: OrderTrail) => void;
};

/** An order whose proofs the server does not see is placed anew this often. */
const mostFailures = 4;
const firstPatienceSeconds = 60;
/** How long a server is watched that says it looks or signs: then others have their turn, since whoever watches keeps a place of the team. */
const watchMilliseconds = [100, 200, 400, 800];
/** Nobody watches a server that wants to be left alone for longer: it is asked again when it said. */
const mostPatienceMilliseconds = 1000;

/** Asks on from what was stored. Errors: issuer-refused, issuer-unavailable, dns-*. */
export async function askOn(
  deps: OrderDeps,
  wanted: CertificateOrder,
  request: Pick<CertificateRequest, 'der'>,
  resume: AcmeResume,
  signal: AbortSignal,
): Promise<Progress> {
  if (resume.url === null) return place(deps, wanted, resume, signal);
  const { url } = resume;
  const { challenge: method = 'dns-01' } = wanted;
  let retryAfter: number | null = null;
  let proved = false;
  const refusals = new Map<string, HostmasterError>();
  for (const milliseconds of [...watchMilliseconds, null]) {
    const read = await readOrder(deps, url, signal);
    if (read === null) return anew(deps, wanted, resume, `${deps.name} knows the order no more.`, hostmaster, signal);
    const order = read.value;
    const authorizations = order.status === 'pending' || order.status === 'invalid' ? await readAuthorizations(deps, order, signal) : [];
    if (order.status === 'pending' && authorizations.length < order.authorizations.length)
      return anew(deps, wanted, resume, `${deps.name} knows an authorization of the order no more.`, hostmaster, signal);
    const told = authorizations.map(({ value }) => value);
    deps.saw(trailOf(order, told, method));
    retryAfter = longest(read.retryAfter, ...authorizations.map((each) => each.retryAfter));
    const step = nextOf(order, told, { names: wanted.names, method });
    if (step.next === 'fetch') return fetchChain(deps, wanted, step.certificate, signal);
    if (step.next === 'impossible') throw await refused(deps, wanted, step.why, signal);
    if (step.next === 'anew') return anew(deps, wanted, resume, step.why, zoneOwner, signal);
    if (step.next === 'finalize') {
      const csr = Buffer.from(request.der).toString('base64url');
      retryAfter = (await deps.server.post(order.finalize, deps.account.signer, { csr }, signal)).retryAfter;
    }
    if (step.next === 'prove' && milliseconds === null) throwRefused(step.proofs, refusals);
    if (step.next === 'prove' && !proved) {
      const wait = await deps.proofs.put(wanted.id, { method, ...deps.ports }, step.proofs.map(toProof(deps.account)), signal);
      if (wait !== null) return pending(resume, { ...wait, retryAfterSeconds: null });
      // An empty object says that the proof is in place (§7.5.1).
      for (const { url: challenge, status } of step.proofs)
        if (status === 'pending')
          await deps.server.post(challenge, deps.account.signer, {}, signal).catch((error: unknown) => {
            if (!(error instanceof HostmasterError && error.code === 'issuer-refused')) throw error;
            refusals.set(challenge, error);
          });
      proved = true;
    }
    if (milliseconds === null) break;
    const patience = Math.max(milliseconds, (retryAfter ?? 0) * 1000);
    if (patience > mostPatienceMilliseconds) break;
    await deps.pause(patience, signal);
  }
  return pending(resume, {
    message: `${deps.name} has the order, and has not signed yet.`,
    movesNext: theIssuer,
    retryAfterSeconds: retryAfter,
  });
}

const pending = (
  resume: AcmeResume,
  wait: { readonly message: string; readonly movesNext: string; readonly retryAfterSeconds: number | null },
): Progress => ({ outcome: 'pending', resume, reference: resume.url, ...wait });

/** Stored before anything else is asked of it, so that no second one is placed. */
async function place(deps: OrderDeps, wanted: CertificateOrder, resume: AcmeResume, signal: AbortSignal): Promise<Progress> {
  const { name, server, account, profile } = deps;
  const { newOrder, renewalInfo, meta } = await server.directory(signal);
  if (profile !== null && meta.profiles[profile] === undefined)
    throw new HostmasterError(
      'issuer-refused',
      `${name} offers no profile ${profile}, only ${Object.keys(meta.profiles).join(', ') || 'none'}.`,
    );
  const identifiers = wanted.names.map((value) => ({ type: 'dns', value }));
  const payload = { identifiers, ...(profile === null ? {} : { profile }) };
  const ask = (replaces: object, taken?: Taken) => server.post(newOrder, account.signer, { ...payload, ...replaces }, signal, taken);
  const replaces = wanted.replaces === undefined || renewalInfo === undefined ? null : { replaces: renewalIdentifier(wanted.replaces) };
  // A server that does not take the predecessor for one (it was replaced already, say) takes the order without it (RFC 9773 §5).
  const first = replaces === null ? null : await ask(replaces, (status) => status >= 400 && status < 500 && status !== 429);
  const answer = first === null || first.status >= 400 ? await ask({}) : first;
  if (answer.location === null) throw new HostmasterError('issuer-unavailable', `${name} does not say where the order is.`);
  return pending({ ...resume, url: answer.location }, { message: `${name} has the order.`, movesNext: hostmaster, retryAfterSeconds: 0 });
}

/** A challenge that the server looks at already, or has ended, is answered no more (§7.5.1): a later look shows that. Else its refusal counts. */
function throwRefused(proofs: readonly PendingProof[], refusals: ReadonlyMap<string, HostmasterError>): void {
  const open = proofs.find(({ url, status }) => status === 'pending' && refusals.has(url));
  const refusal = open === undefined ? undefined : refusals.get(open.url);
  if (refusal !== undefined) throw refusal;
}

/** Of what a server asked for, in seconds; null where it asked for nothing. */
const longest = (...all: readonly (number | null)[]): number | null =>
  all.reduce((most, each) => (each === null ? most : Math.max(most ?? 0, each)), null);

/** What was read, and in how many seconds the server wants to be asked again. */
type Read<T> = { readonly value: T; readonly retryAfter: number | null };

/** Null where the server does not know it, or not as ours: it forgot, has let it expire, or was set up anew. */
async function readKnown<S extends z.ZodType>(
  { server, account }: OrderDeps,
  url: string,
  [schema, what]: readonly [S, string],
  signal: AbortSignal,
): Promise<Read<z.output<S>> | null> {
  const forgotten: Taken = (status, error) => status === 404 || error === 'unauthorized';
  const answer = await server.post(url, account.signer, null, signal, forgotten);
  return answer.status >= 400 ? null : { value: server.read(schema, answer, what), retryAfter: answer.retryAfter };
}

const readOrder = (deps: OrderDeps, url: string, signal: AbortSignal): Promise<Read<AcmeOrder> | null> =>
  readKnown(deps, url, [acmeOrder, 'order of ACME (RFC 8555 §7.1.3)'], signal);

/** Those that the server still knows. */
async function readAuthorizations(deps: OrderDeps, { authorizations }: AcmeOrder, signal: AbortSignal): Promise<Read<AcmeAuthorization>[]> {
  const kind = [acmeAuthorization, 'authorization of ACME (RFC 8555 §7.1.4)'] as const;
  const read = await Promise.all(authorizations.map((url) => readKnown(deps, url, kind, signal)));
  return read.filter((one) => one !== null);
}

const toProof =
  ({ thumbprint }: AcmeAccount) =>
  ({ hostname, token }: PendingProof): Proof => ({ hostname, token, keyAuthorization: keyAuthorization(token, thumbprint) });

/** A root is known to whoever trusts it, and is not served (RFC 8446 §4.4.2). An answer that is no chain may be one the next time. */
function readChain({ name, now }: OrderDeps, { body }: AcmeAnswer): readonly Uint8Array[] {
  try {
    return splitPem(new TextDecoder().decode(body)).filter((der) => !isTrustAnchor(der, now()));
  } catch (cause) {
    if (!(cause instanceof HostmasterError)) throw cause;
    throw new HostmasterError('issuer-unavailable', `What ${name} answers is no certificate (RFC 8555 §7.4.2): ${cause.message}`, {
      cause,
      movesNext: issuerOperator(name),
    });
  }
}

async function fetchChain(deps: OrderDeps, { id }: CertificateOrder, url: string, signal: AbortSignal): Promise<Progress> {
  const answer: AcmeAnswer = await deps.server.post(url, deps.account.signer, null, signal);
  const chain = readChain(deps, answer);
  await deps.proofs.takeBack(id, signal).catch((error: unknown) => {
    // A certificate that is signed waits for no name server: what is left there is known, and taken back later.
    if (!(error instanceof HostmasterError)) throw error;
  });
  return { outcome: 'issued', chain };
}

async function refused({ name, proofs }: OrderDeps, { id }: CertificateOrder, why: string, signal: AbortSignal): Promise<HostmasterError> {
  await proofs.takeBack(id, signal);
  return new HostmasterError('issuer-refused', `${name} refused: ${why}`);
}

/** What one order came to says little of the next: the server may have asked where the proof had not arrived yet. */
async function anew(
  deps: OrderDeps,
  wanted: CertificateOrder,
  { failures }: AcmeResume,
  why: string,
  movesNext: string,
  signal: AbortSignal,
): Promise<Progress> {
  if (failures + 1 >= mostFailures) throw await refused(deps, wanted, why, signal);
  await deps.proofs.takeBack(wanted.id, signal);
  return {
    ...pending(
      { url: null, failures: failures + 1 },
      {
        message: `The order came to nothing, and is placed anew: ${why}`,
        movesNext,
        retryAfterSeconds: firstPatienceSeconds * 4 ** failures,
      },
    ),
  };
}
