import type { DiscoveredDetail } from '@hostmaster/core/contract/discovery';
import { Status } from '@/components/ui/mark';
import { Time } from '@/components/ui/time';
import { grouped } from '@/lib/format/text';

export function Sightings({ found: { sightings, inLogs } }: { found: DiscoveredDetail }) {
  if (sightings.length + inLogs.length === 0) return <p className="text-ink-3 text-sm">Nowhere that is still looked at.</p>;
  return (
    <ul className="grid gap-3 text-sm">
      {sightings.map(({ scope, address, port, serverName, firstSeenAt, lastSeenAt, gone }) => (
        <li key={`${scope} ${address} ${port} ${serverName}`} className="min-w-0">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <span className="data break-all">{address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`}</span>
            {serverName !== null && <span className="text-ink-2 [overflow-wrap:anywhere]">asked for {serverName}</span>}
            <Status state={gone ? 'none' : 'ok'}>{gone ? 'gone' : 'served'}</Status>
          </p>
          <p className="text-ink-3 text-xs">
            {scope}; first seen <Time at={firstSeenAt} />, last <Time at={lastSeenAt} />
          </p>
        </li>
      ))}
      {inLogs.map(({ log, entry, seenAt }) => (
        <li key={log} className="min-w-0">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <span className="data break-all">{log}</span>
            <Status state="none">in a log</Status>
          </p>
          <p className="text-ink-3 text-xs">
            entry {grouped(entry)}, read <Time at={seenAt} />
          </p>
        </li>
      ))}
    </ul>
  );
}
