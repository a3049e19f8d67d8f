import { LoaderCircle } from 'lucide-react';
import { Slot } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from '@/lib/class-names';

const looks = {
  primary: 'border-accent bg-accent text-on-accent hover:border-accent-strong hover:bg-accent-strong',
  quiet: 'border-line-strong bg-card text-ink shadow-[var(--lift)] hover:bg-sunken',
  danger: 'border-line-strong bg-card text-bad shadow-[var(--lift)] hover:border-bad hover:bg-bad-soft',
  bare: 'border-transparent text-ink-2 hover:bg-sunken hover:text-ink',
};
const sizes = { md: 'h-9 px-3.5 text-sm', sm: 'h-7.5 px-2.5 text-xs', icon: 'size-8 justify-center p-0' };

type ButtonProps = Omit<ComponentProps<'button'>, 'disabled'> & {
  look?: keyof typeof looks;
  size?: keyof typeof sizes;
  /** Renders the only child (a link) with the look of a button. */
  asChild?: boolean;
  /** What is under way; while set, the button says so and takes no second press. */
  busy?: string | false;
  disabled?: boolean;
};

export function Button({ look = 'quiet', size = 'md', asChild, busy, disabled, className, children, onClick, ...rest }: ButtonProps) {
  const classes = cn(
    'inline-flex shrink-0 select-none items-center gap-2 whitespace-nowrap rounded-sm border font-[560] leading-none transition-colors duration-100',
    'disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-progress aria-disabled:opacity-70 [&_svg]:size-4 [&_svg]:shrink-0',
    looks[look],
    sizes[size],
    className,
  );
  if (asChild)
    return (
      <Slot.Root className={classes} onClick={onClick} {...rest}>
        {children as ReactNode}
      </Slot.Root>
    );
  return (
    <button
      type="button"
      className={classes}
      disabled={disabled}
      aria-disabled={busy ? true : undefined}
      onClick={(event) => (busy ? event.preventDefault() : onClick?.(event))}
      {...rest}
    >
      {busy ? (
        <>
          <LoaderCircle className="animate-turn" aria-hidden />
          {busy}
        </>
      ) : (
        children
      )}
    </button>
  );
}
