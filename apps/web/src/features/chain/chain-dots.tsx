import type { ChainLink } from '@hostmaster/core/contract/endpoint-view';
import { markInk } from '@/components/ui/mark';
import { cn } from '@/lib/class-names';
import { chainSentence } from './links';

/** The chain in a row: five shapes on a wire that is whole as far as the name reaches. Filled, hollow, diamond, small ring. */
export function ChainDots({ chain, className }: { chain: readonly ChainLink[]; className?: string }) {
  const sentence = chainSentence(chain);
  return (
    <svg role="img" aria-label={sentence} viewBox="0 0 88 14" className={cn('h-3.5 w-22 shrink-0', className)}>
      <title>{sentence}</title>
      {chain.map((link, index) => {
        const x = 7 + index * 18.5;
        const next = chain[index + 1];
        return (
          <g key={link.link} className={markInk[link.state]}>
            {next && (
              <line
                x1={x + 6}
                x2={x + 12.5}
                y1="7"
                y2="7"
                stroke={link.state === 'ok' ? 'currentColor' : 'var(--line-strong)'}
                strokeWidth="1.6"
                strokeDasharray={link.state === 'ok' ? undefined : '1.5 2'}
              />
            )}
            {link.state === 'ok' && <circle cx={x} cy="7" r="5" fill="currentColor" />}
            {link.state === 'wait' && (
              <>
                <circle cx={x} cy="7" r="4.2" fill="none" stroke="currentColor" strokeWidth="1.7" />
                <path d={`M${x} 7V4.2A2.8 2.8 0 0 1 ${x} 9.8z`} fill="currentColor" />
              </>
            )}
            {link.state === 'bad' && <path d={`M${x} 1.2l5.8 5.8-5.8 5.8L${x - 5.8} 7z`} fill="currentColor" />}
            {link.state === 'none' && <circle cx={x} cy="7" r="2.6" fill="none" stroke="currentColor" strokeWidth="1.4" />}
          </g>
        );
      })}
    </svg>
  );
}
