'use client';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { cn } from '@/lib/class-names';

/** Scrolls sideways where its content is too wide; only then is it a stop of the keyboard, so that it can be scrolled by keys. */
export function Sideways({ label, busy, className, children }: { label: string; busy?: boolean; className?: string; children: ReactNode }) {
  const frame = useRef<HTMLElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = () => setScrolls(element.scrollWidth > element.clientWidth + 1);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, []);
  return (
    <section
      ref={frame}
      aria-label={scrolls ? label : undefined}
      aria-busy={busy}
      tabIndex={scrolls ? 0 : undefined}
      className={cn('relative overflow-x-auto focus-visible:-outline-offset-2', className)}
    >
      {children}
    </section>
  );
}
