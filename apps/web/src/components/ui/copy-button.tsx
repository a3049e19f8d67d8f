'use client';
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import { cn } from '@/lib/class-names';
import { Button } from './button';

/** Copies `text`; `label` says what, `visible` is a shorter word for it beside the icon. */
export function CopyButton({ text, label, visible, className }: { text: string; label: string; visible?: string; className?: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      toast.error('The browser did not allow copying. Select the text and copy it by hand.');
    }
  };
  const icon = copied ? <Check className="!text-ok" aria-hidden /> : <Copy aria-hidden />;
  if (visible)
    return (
      <Button size="sm" onClick={copy} className={className} aria-label={label}>
        {icon}
        <span aria-live="polite">{copied ? 'Copied' : visible}</span>
      </Button>
    );
  return (
    <Button look="bare" size="icon" onClick={copy} aria-label={copied ? 'Copied' : label} title={label} className={cn('size-7', className)}>
      {icon}
    </Button>
  );
}
