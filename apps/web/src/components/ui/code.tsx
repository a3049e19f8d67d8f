'use client';
import { cn } from '@/lib/class-names';
import { CopyButton } from './copy-button';

/** Text for machines, to look at and to copy. Scrolls sideways on its own, so it takes the keyboard's focus. */
export function Code({ text, label, className, wrap }: { text: string; label: string; className?: string; wrap?: boolean }) {
  return (
    <div className={cn('group relative min-w-0', className)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section aria-label={label} tabIndex={0} className="max-h-[28rem] overflow-auto rounded-sm border border-line bg-sunken">
        <pre className={cn('data px-3 py-2.5 pr-11 text-xs leading-[1.65]', wrap && 'whitespace-pre-wrap [overflow-wrap:anywhere]')}>
          {text}
        </pre>
      </section>
      <CopyButton text={text} label={`Copy ${label}`} className="absolute top-1.5 right-1.5 bg-sunken" />
    </div>
  );
}
