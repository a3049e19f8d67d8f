import { cn } from '@/lib/class-names';

/**
 * A key to press; with `mod` together with ⌘ or Ctrl, whichever the reader's keyboard has (globals.css). On a control it is
 * hidden from readers, as the control's own name says what it does, and from windows that are too narrow for a keyboard;
 * `shown` where the key itself is what is told.
 */
export function Kbd({
  mod,
  shown,
  children,
  className,
}: {
  mod?: boolean | undefined;
  shown?: boolean;
  children: string;
  className?: string;
}) {
  return (
    <kbd
      aria-hidden={!shown}
      className={cn(
        'rounded-[3px] border border-current/35 px-1 py-px font-sans font-medium text-2xs leading-none',
        !shown && 'max-sm:hidden',
        mod && 'before:content-(--mod)',
        className,
      )}
    >
      {children}
    </kbd>
  );
}
