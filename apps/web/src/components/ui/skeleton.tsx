import { cn } from '@/lib/class-names';

/** A grey bar where text will be; the words of the wait are said once by the page (`Loading`). */
export function Bone({ className }: { className?: string }) {
  return <span className={cn('block h-3.5 animate-breathe rounded-[4px] bg-none-soft', className)} />;
}

/** The frame of a page while its data is on the way: same places, same heights, and a sentence for readers. */
export function Loading({ what, children }: { what: string; children: React.ReactNode }) {
  return (
    <div role="status" className="contents">
      <span className="sr-only">Loading {what}…</span>
      <div aria-hidden className="contents">
        {children}
      </div>
    </div>
  );
}

const widths = ['w-3/5', 'w-4/5', 'w-2/5', 'w-1/2', 'w-1/3'];

/** The width of the bar in a cell: no two beside each other are alike. */
export const boneWidth = (row: number, column: number): string | undefined => widths[(row + column) % widths.length];

/** Rows of a list that nobody knows yet; a list that is known shows its own columns (`TableLayout`). */
export function TableBones({ rows, columns }: { rows: number; columns: number }) {
  return (
    <div className="divide-y divide-line">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bones have no identity
        <div key={row} className="grid h-11 items-center gap-4 px-5" style={{ gridTemplateColumns: `2fr repeat(${columns - 1}, 1fr)` }}>
          {Array.from({ length: columns }, (_, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: bones have no identity
            <Bone key={column} className={boneWidth(row, column)} />
          ))}
        </div>
      ))}
    </div>
  );
}

/** Crumb, title and the line under it. */
export function TitleBones() {
  return (
    <div className="mb-5 grid gap-2.5">
      <Bone className="h-3.5 w-20" />
      <Bone className="h-7 w-full max-w-96" />
      <Bone className="h-3.5 w-72 max-w-full" />
    </div>
  );
}

export function CardBones({ lines }: { lines: number }) {
  return (
    <div className="grid gap-3 rounded-lg border border-line bg-card p-5">
      <Bone className="h-4 w-40" />
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bones have no identity
        <Bone key={line} className={line % 3 === 2 ? 'w-2/3' : 'w-full'} />
      ))}
    </div>
  );
}
