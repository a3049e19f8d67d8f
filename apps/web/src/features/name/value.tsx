import { cn } from '@/lib/class-names';

/**
 * A value of a record where there is little room: an IPv4 address stays whole and an IPv6 address breaks between its groups,
 * since half a number reads as another; whatever else there is breaks where it must.
 */
export function Value({ text, className }: { text: string; className?: string }) {
  if (/^\d+(\.\d+){3}$/.test(text)) return <span className={cn('whitespace-nowrap', className)}>{text}</span>;
  if (!/^[\da-f]*:[\da-f:.]*$/i.test(text)) return <span className={className}>{text}</span>;
  return (
    <span className={cn('[overflow-wrap:normal]', className)}>
      {[...text.matchAll(/[^:]*:*/g)].map(([group], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the groups of one address never move
        <span key={index}>
          {group}
          <wbr />
        </span>
      ))}
    </span>
  );
}
