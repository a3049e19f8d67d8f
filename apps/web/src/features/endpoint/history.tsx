import type { EndpointDetail } from '@hostmaster/core/contract/endpoint-view';
import { Section } from '@/components/ui/card';
import { Time } from '@/components/ui/time';

export function History({ history }: { history: EndpointDetail['history'] }) {
  return (
    <Section title="History">
      {history.length === 0 ? (
        <p className="text-ink-2 text-sm">Nothing has happened yet.</p>
      ) : (
        <ol className="grid gap-2.5">
          {history.map((event) => (
            <li key={`${event.at}${event.action}${event.text}`} className="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-x-3 text-sm">
              <span className="text-ink-3">
                <Time at={event.at} />
              </span>
              <p className="min-w-0 [overflow-wrap:anywhere]">
                <b className="font-[560]">{event.actor}</b> <span className="text-ink-2">{event.text}</span>
              </p>
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}
