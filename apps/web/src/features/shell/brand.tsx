import { cn } from '@/lib/class-names';

/** The word mark: a fully qualified name, its root dot included. */
export function Brand({ className }: { className?: string }) {
  return (
    <span className={cn('name font-[680] text-[0.9375rem] tracking-[-0.035em]', className)}>
      hostmaster<span className="text-accent">.</span>
    </span>
  );
}
