'use client';
import { grouped, plural } from '@/lib/format/text';
import { Button } from './button';

/** The end of a page of rows: what is shown, and the way to what follows. */
export function More({
  shown,
  total,
  what,
  onNext,
  onFirst,
  first,
}: {
  shown: number;
  total: number | null;
  /** One of them: "endpoint". */
  what: string;
  /** null where nothing follows. */
  onNext: (() => void) | null;
  onFirst: () => void;
  first: boolean;
}) {
  return (
    <div className="flex min-h-11 flex-wrap items-center justify-between gap-2 border-line border-t px-4 py-2 text-ink-3 text-xs sm:px-5">
      <span className="tabular-nums">
        {total === null || total === shown ? plural(shown, what) : `${grouped(shown)} of ${plural(total, what)}`}
      </span>
      {(!first || onNext) && (
        <span className="flex gap-2">
          {!first && (
            <Button size="sm" onClick={onFirst}>
              Back to the first
            </Button>
          )}
          {onNext && (
            <Button size="sm" onClick={onNext}>
              Next page
            </Button>
          )}
        </span>
      )}
    </div>
  );
}
