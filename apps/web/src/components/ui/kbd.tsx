import { cn } from '@/lib/class-names';

/** A key to press. Hidden from readers: the control's own name says what it does. */
export function Kbd({ children, className }: { children: string; className?: string }) {
  return (
    <kbd
      aria-hidden
      className={cn(
        'rounded-[3px] border border-current/35 px-1 py-px font-sans font-medium text-2xs leading-none max-sm:hidden',
        className,
      )}
    >
      {children}
    </kbd>
  );
}
