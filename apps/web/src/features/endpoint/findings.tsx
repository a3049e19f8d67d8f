import type { EndpointDetail } from '@hostmaster/core/contract/endpoint-view';
import { Mark } from '@/components/ui/mark';
import { Remedy } from '@/components/ui/remedy';
import { Time } from '@/components/ui/time';
import { linkNames } from '@/features/chain/links';

/** What is broken: the layer, the cause in one sentence, the evidence, the remedy, and who moves next. */
export function Findings({ findings }: { findings: EndpointDetail['findings'] }) {
  if (findings.length === 0) return null;
  return (
    <section aria-label="Findings" className="grid gap-3">
      {findings.map((finding) => (
        <article
          key={`${finding.layer}${finding.cause}`}
          className="grid gap-x-3 gap-y-3 rounded-lg border border-line border-l-3 border-l-bad bg-card px-4 py-4 shadow-[var(--lift)] sm:grid-cols-[1.25rem_minmax(0,1fr)_auto] sm:px-5"
        >
          <Mark state="bad" className="mt-0.5 size-4.5 max-sm:hidden" />
          <div className="min-w-0">
            <h2 className="text-[0.9375rem]">
              <span className="mr-1.5 text-bad">{linkNames[finding.layer]}</span>
              {finding.cause}
            </h2>
            <p className="mt-1 max-w-[70ch] break-words text-ink-2 text-sm">
              {finding.evidence}
              {finding.since && (
                <>
                  {' '}
                  Seen since <Time at={finding.since} />.
                </>
              )}
            </p>
            <p className="mt-1 max-w-[70ch] text-sm">
              <b className="font-[560]">Do:</b> <Remedy text={finding.remedy} />
            </p>
          </div>
          <p className="text-sm sm:text-right">
            <span className="block text-ink-3 text-xs">Moves next</span>
            <b className="font-[560]">{finding.movesNext}</b>
          </p>
        </article>
      ))}
    </section>
  );
}
