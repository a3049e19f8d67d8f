'use client';
// The last order of an endpoint's certificate: what it waits for, and one click below what its issuer says of it, down to each challenge.
import type { CertificateOrderView } from '@hostmaster/core/contract/certificate-order';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Section } from '@/components/ui/card';
import { Status } from '@/components/ui/mark';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Time } from '@/components/ui/time';
import { useTRPC } from '@/lib/trpc';
import { markOfStatus, orderWords } from './order-words';

type Said = NonNullable<CertificateOrderView['said']>;

/** @param gone the name is no more: then an order is told of that was refused, and no other */
export function LastOrder({ endpointId, gone }: { endpointId: string; gone: boolean }) {
  const trpc = useTRPC();
  const { data, error } = useQuery({ ...trpc.endpoints.lastOrder.queryOptions({ id: endpointId }), refetchInterval: 15_000 });
  const order = data?.order ?? null;
  if (error && !data)
    return (
      <Section title="Last order">
        <ProblemPanel error={error} />
      </Section>
    );
  // Of one that was signed at once there is nothing to tell that the certificate does not.
  if (order === null || (order.said === null && (order.state === 'issued' || order.state === 'abandoned'))) return null;
  if (gone && order.state !== 'refused') return null;
  const { issuer, names, waitsFor, said, proofs } = order;
  const { mark, words } = orderWords[order.state];
  return (
    <Section title="Last order" note={<Status state={mark}>{words}</Status>}>
      <div className="grid grid-cols-1 gap-3 text-sm">
        <p>
          From {issuer} for <span className="name">{names.join(', ')}</span>, placed <Time at={order.placedAt} />
          {order.closedAt && (
            <>
              , ended <Time at={order.closedAt} />
            </>
          )}
          .
        </p>
        {order.refusal && <p className="text-ink-2 [overflow-wrap:anywhere]">{order.refusal}</p>}
        {waitsFor && (
          <p className="text-ink-2 [overflow-wrap:anywhere]">
            {waitsFor.message} Next: {waitsFor.movesNext}
            {waitsFor.askAgainAt && (
              <>
                , asked again <Time at={waitsFor.askAgainAt} />
              </>
            )}
            .
          </p>
        )}
        {order.unavailableSince && (
          <p className="text-ink-2">
            {issuer} has not taken it since <Time at={order.unavailableSince} />.
          </p>
        )}
        {(said || proofs.length > 0) && (
          <details open={order.state === 'refused' || undefined}>
            <summary className="rounded-sm hover:text-ink">What {issuer} says of it, down to each challenge</summary>
            <div className="mt-3 grid grid-cols-1 gap-4">
              {said ? <Tree said={said} reference={order.reference} /> : <p className="text-ink-2">It was not asked yet.</p>}
              {proofs.length > 0 && <Proofs proofs={proofs} />}
            </div>
          </details>
        )}
      </div>
    </Section>
  );
}

function Tree({ said, reference }: { said: Said; reference: string | null }) {
  return (
    <div className="grid grid-cols-1 gap-2">
      <p className="text-ink-3 text-xs">
        Asked <Time at={said.at} />
        {reference && (
          <>
            , at <span className="data break-all">{reference}</span>
          </>
        )}
      </p>
      <ul className="grid grid-cols-1 gap-2" aria-label="The order, its authorizations and their challenges">
        <Node what="Order" status={said.status} problem={said.problem}>
          {said.authorizations.map(({ name, status, challenges }) => (
            <Node key={name} what={<span className="name">{name}</span>} status={status} problem={null}>
              {challenges.map((challenge, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: an issuer may name one type twice
                <Node key={at} what={challenge.type} status={challenge.status} problem={challenge.problem} />
              ))}
            </Node>
          ))}
        </Node>
      </ul>
    </div>
  );
}

function Node({ what, status, problem, children }: { what: ReactNode; status: string; problem: string | null; children?: ReactNode[] }) {
  return (
    <li className="grid min-w-0 grid-cols-1 gap-2">
      <div className="min-w-0">
        <Status state={markOfStatus(status)}>
          <span className="text-ink">{what}</span> {status}
        </Status>
        {problem && <p className="pl-6 text-ink-2 [overflow-wrap:anywhere]">“{problem}”</p>}
      </div>
      {children && children.length > 0 && <ul className="grid min-w-0 grid-cols-1 gap-2 border-line border-l pl-4">{children}</ul>}
    </li>
  );
}

type Method = CertificateOrderView['proofs'][number]['method'];

const recordTypes: Readonly<Record<Method, string>> = { 'dns-01': 'TXT ', 'http-01': '', 'tls-alpn-01': '', alias: 'CNAME ' };

const standsWhere = (method: Method, zone: string | null): string => {
  if (method === 'tls-alpn-01') return 'Shown by the edge in TLS handshakes';
  return zone === null ? 'Answered by the portal’s door' : `Written in ${zone}`;
};

const Proofs = ({ proofs }: { proofs: CertificateOrderView['proofs'] }) => (
  <div className="grid gap-2">
    <h3 className="text-sm">What stands where it looks</h3>
    <ul className="grid gap-2">
      {proofs.map(({ method, where, value, zone, putAt }) => (
        <li key={`${where} ${value}`} className="min-w-0">
          <span className="data block text-xs [overflow-wrap:anywhere]">
            {where} {recordTypes[method]}
            {value}
          </span>
          <span className="text-ink-3 text-xs">
            {standsWhere(method, zone)}, put there <Time at={putAt} />
          </span>
        </li>
      ))}
    </ul>
  </div>
);
