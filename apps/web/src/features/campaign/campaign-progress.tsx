import type { CampaignStage } from '@hostmaster/core/campaign/stage';
import { campaignStages } from '@hostmaster/core/campaign/stage';
import type { Campaign } from '@hostmaster/core/contract/campaign';
import { Mark, markInk } from '@/components/ui/mark';
import { cn } from '@/lib/class-names';
import { grouped, plural } from '@/lib/format/text';
import { stageMarks, stageNames } from './campaign-words';

/** How much is taken up, as a bar and in figures, and how far that is: a press shows the certificates of one stage. */
export function CampaignProgress({
  progress: { planned, takenUp, left, skipped, stages },
  chosen,
  onChoose,
}: {
  progress: Campaign['progress'];
  chosen: CampaignStage | null;
  onChoose: (stage: CampaignStage | null) => void;
}) {
  const counts = new Map(stages.map(({ stage, count }) => [stage, count]));
  const there = campaignStages.filter((stage) => counts.has(stage));
  const done = (counts.get('replaced') ?? 0) + (counts.get('revoked') ?? 0);
  return (
    <div className="grid gap-4">
      <div>
        <div
          role="progressbar"
          aria-label="Certificates that are done"
          aria-valuemin={0}
          aria-valuemax={planned}
          aria-valuenow={done}
          aria-valuetext={`${done} of ${planned} are done`}
          className="flex h-2.5 overflow-hidden rounded-full bg-none-soft"
        >
          {there.map((stage) => (
            <span
              key={stage}
              className={cn('block h-full bg-current', markInk[stageMarks[stage]], stageMarks[stage] === 'wait' && 'opacity-50')}
              style={{ width: `${(100 * (counts.get(stage) ?? 0)) / Math.max(1, planned)}%` }}
            />
          ))}
        </div>
        <p className="mt-2 text-ink-2 text-sm tabular-nums">
          {grouped(takenUp)} of {plural(planned, 'certificate')} taken up
          {left > 0 && `, ${grouped(left)} left`}
          {skipped > 0 && `; ${grouped(skipped)} had ended before their turn`}.
        </p>
      </div>
      {there.length > 0 && (
        <ul className="flex flex-wrap gap-2" aria-label="How far they are">
          {there.map((stage) => (
            <li key={stage}>
              <button
                type="button"
                aria-pressed={chosen === stage}
                onClick={() => onChoose(chosen === stage ? null : stage)}
                className="flex items-center gap-2 rounded-md border border-line bg-card px-3 py-1.5 text-left text-sm hover:border-line-strong aria-pressed:border-accent aria-pressed:bg-accent-soft"
              >
                <Mark state={stageMarks[stage]} />
                <span className="font-[560] tabular-nums">{grouped(counts.get(stage) ?? 0)}</span>
                <span className="text-ink-2">{stageNames[stage]}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
