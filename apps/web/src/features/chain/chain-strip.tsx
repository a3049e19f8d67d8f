// The chain at full size: what a user's request passes on its way in, link by link, with the evidence under each. The wire
// is drawn through as far as the endpoint was seen to work and broken from there on.
import type { ChainLink } from '@hostmaster/core/contract/endpoint-view';
import { Mark } from '@/components/ui/mark';
import { cn } from '@/lib/class-names';
import { linkNames, stateWords } from './links';

export function ChainStrip({ chain }: { chain: readonly ChainLink[] }) {
  return (
    <ol
      aria-label="The chain from the outside in"
      className="grid overflow-clip rounded-lg border border-line bg-card shadow-[var(--lift)] md:grid-cols-5"
    >
      {chain.map((link, index) => (
        <ChainCell key={link.link} link={link} first={index === 0} last={index === chain.length - 1} before={chain[index - 1]} />
      ))}
    </ol>
  );
}

function ChainCell({ link, first, last, before }: { link: ChainLink; first: boolean; last: boolean; before: ChainLink | undefined }) {
  const whole = link.state === 'ok';
  const reached = before?.state === 'ok';
  return (
    <li
      className={cn(
        'relative grid grid-cols-[1.25rem_1fr] gap-x-2.5 px-4 py-2.5 md:block md:px-0 md:pt-5 md:pb-4',
        link.state === 'bad' && 'bg-bad-soft',
      )}
    >
      <span aria-hidden className="relative grid justify-items-center md:flex md:items-center md:pl-4">
        {!first && <Wire drawn={reached} className="-top-2.5 h-[calc(0.625rem+2px)] md:top-auto md:left-0 md:h-0 md:w-3" />}
        <Mark state={link.state} moving={link.state === 'wait'} className="relative mt-0.5 size-5 md:mt-0" />
        {!last && <Wire drawn={whole} className="top-6.5 -bottom-2.5 md:top-auto md:right-0 md:bottom-auto md:left-10" />}
      </span>
      <div className="min-w-0 md:px-4 md:pt-2.5">
        <p className="font-[620]">
          {linkNames[link.link]} <span className="sr-only">{stateWords[link.state]}</span>
        </p>
        <p
          className={cn(
            'text-sm [overflow-wrap:anywhere]',
            link.state === 'bad' ? 'font-[560] text-bad' : link.state === 'wait' ? 'text-wait' : 'text-ink-2',
          )}
        >
          {link.message}
        </p>
        {link.detail && <p className="mt-0.5 break-words text-ink-3 text-xs">{link.detail}</p>}
      </div>
    </li>
  );
}

/** A piece of the wire: upright on narrow pages, level on wide ones. */
function Wire({ drawn, className }: { drawn: boolean; className: string }) {
  return (
    <span
      className={cn(
        'absolute w-0 border-l-2 md:w-auto md:border-t-2 md:border-l-0',
        drawn ? 'border-ok' : 'border-line-strong border-dashed',
        className,
      )}
    />
  );
}
