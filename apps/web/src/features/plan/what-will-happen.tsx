// "What will happen": the plan as a person reads it, beside every form and every decision, before anything is pressed.

import { parseAddress } from '@hostmaster/core/address/address';
import type { Plan } from '@hostmaster/core/contract/plan';
import { hour } from '@hostmaster/core/duration';
import { hoursAskedFor, hoursInWords } from '@hostmaster/core/pki/lifetime';
import { leftAtRenewal } from '@hostmaster/core/pki/renewal';
import { sourceTraits } from '@hostmaster/core/pki/source-traits';
import type { ReactNode } from 'react';
import { keyWords, listed, plural } from '@/lib/format/text';
import { span } from '@/lib/format/time';
import { ContractDiff } from './contract-diff';
import { probeUrl } from './probe-url';
import { Additions, RecordDiff } from './record-diff';

export function PlanSteps({
  plan,
  probe,
  untargeted,
  preview,
}: {
  plan: Plan;
  /** What will be probed where the plan leaves a certificate to be seen. */
  probe?: { hostname: string; port: number; path: string };
  /** Nobody said yet where the name leads: the records of the plan mean nothing. */
  untargeted?: boolean;
  /** It stands beside the form that says the same: a contract that is new is folded away. */
  preview?: boolean;
}) {
  const { certificate } = plan;
  const records = plan.changes.length;
  const brought = certificate !== null && sourceTraits[certificate.source].brought;
  return (
    <div className="grid grid-cols-1 gap-4">
      <ol className="grid grid-cols-1 [counter-reset:step]">
        {plan.contract && <ContractStep contract={plan.contract} folded={preview === true} />}
        {untargeted ? (
          <Step title="Records" note={`in ${plan.zone}, as soon as you say where the name points to`} />
        ) : (
          <Step title={records === 0 ? 'No record changes' : plural(records, 'record set')} note={`in ${plan.zone}, on ${servers(plan)}`}>
            {records > 0 && <RecordDiff changes={plan.changes} />}
          </Step>
        )}
        {certificate?.action === 'issue' && (
          <Step
            title="1 certificate"
            note={brought ? 'that its team imports once the records are there' : `from ${certificate.issuer}, ${lifetimeOf(certificate)}`}
          >
            <Additions texts={certificate.names.map(withKind)} />
            {proves(certificate) !== '' && <p className="mt-1.5 text-ink-2 text-sm">{proves(certificate)}</p>}
            <p className="mt-1.5 text-ink-3 text-xs">
              {brought ? 'a key' : `${keyWords(certificate.key)} key`},{' '}
              {brought
                ? 'which is brought with it, and sealed'
                : certificate.keyHolder === 'requester'
                  ? 'which never leaves you: your CSR is signed'
                  : certificate.keyHolder === 'issuer'
                    ? 'which the issuer makes and keeps: what ends TLS has to use it there'
                    : 'made here, and sealed'}
            </p>
          </Step>
        )}
        {probe && certificate && certificate.action !== 'revoke' && (
          <Step title="A probe" note="of the real name, where DNS leads, from a worker">
            <p className="name rounded-sm bg-sunken px-2.5 py-1.5 text-ink-2 text-xs [overflow-wrap:anywhere]">{probeUrl(probe)}</p>
          </Step>
        )}
      </ol>
      {plan.notes.length > 0 && (
        <ul className="grid gap-1 border-line border-t pt-3 text-ink-2 text-sm">
          {plan.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What it holds that a certificate of a server does not; empty where it is one. */
function proves({ usages, mustStaple }: NonNullable<Plan['certificate']>): string {
  const whom =
    usages === undefined
      ? ''
      : usages.includes('server')
        ? 'For a server, and for a client too.'
        : 'For a client alone: no server can present it.';
  return [whom, mustStaple ? 'Clients that know of it refuse a server that does not staple its status.' : '']
    .filter((text) => text !== '')
    .join(' ');
}

/** How long it is valid and when it is renewed, where that is known before it is issued. */
function lifetimeOf(certificate: NonNullable<Plan['certificate']>): string {
  const hours = hoursAskedFor({ ...certificate, days: certificate.days ?? undefined });
  return hours === null
    ? 'for as long as that gives it, renewed by itself well before it ends'
    : `${hoursInWords(hours)}, renewed by itself ${span(leftAtRenewal(hours * hour))} before it ends`;
}

/** What is agreed, and what was in its place. */
function ContractStep({ contract: { against, changes }, folded }: { contract: NonNullable<Plan['contract']>; folded: boolean }) {
  if (against !== null)
    return (
      <Step
        title={changes.length === 0 ? 'No field changes' : plural(changes.length, 'field')}
        note={`of the contract, compared with revision ${against}, in force when this was planned`}
      >
        {changes.length > 0 && <ContractDiff changes={changes} />}
      </Step>
    );
  return (
    <Step title="A contract" note={`of ${plural(changes.length, 'field')}; none is in force before it`}>
      {folded ? (
        <details className="text-sm">
          <summary className="rounded-sm text-ink-2 hover:text-ink">What it says, with every default</summary>
          <div className="pt-2">
            <ContractDiff changes={changes} fresh />
          </div>
        </details>
      ) : (
        <ContractDiff changes={changes} fresh />
      )}
    </Step>
  );
}

const servers = (plan: Plan): string => (plan.servers.length > 3 ? plural(plan.servers.length, 'server') : listed(plan.servers));

function Step({ title, note, children }: { title: string; note: string; children?: ReactNode }) {
  return (
    <li className="relative pb-4 pl-7.5 [counter-increment:step] before:absolute before:top-px before:left-0 before:grid before:size-5 before:place-items-center before:rounded-full before:border before:border-line-strong before:text-ink-2 before:text-xs before:content-[counter(step)] not-last:after:absolute not-last:after:top-6.5 not-last:after:bottom-0.5 not-last:after:left-2.5 not-last:after:w-px not-last:after:bg-line last:pb-0">
      <p className="mb-1.5 text-ink-2 text-sm">
        <b className="font-[560] text-ink">{title}</b> {note}
      </p>
      {children}
    </li>
  );
}

/** The hash that reviews are bound to. */
export function PlanHash({ hash }: { hash: string }) {
  return (
    <code className="data text-ink-3 text-xs" title={hash}>
      {hash.length > 22 ? `${hash.slice(0, 16)}…${hash.slice(-4)}` : hash}
    </code>
  );
}

/** What a certificate speaks for, with the kind of it before it, as OpenSSL shows it. */
const withKind = (name: string): string => {
  if (name.includes('://')) return `URI:${name}`;
  return parseAddress(name) === null ? `DNS:${name}` : `IP:${name}`;
};
