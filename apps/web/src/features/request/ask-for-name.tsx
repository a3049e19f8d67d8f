'use client';
import { Button } from '@/components/ui/button';
import { Kbd } from '@/components/ui/kbd';
import { Link } from '@/components/ui/link';
import { useFirstStep } from './use-first-step';

/** To ask for a name, or whatever has to be done before that; nothing for whoever can do neither. */
export function AskForName({ shortcut }: { shortcut?: boolean }) {
  const step = useFirstStep();
  if (step !== null && step.to === null) return null;
  return (
    <Button asChild look="primary">
      <Link href={step?.to?.href ?? '/requests/new'}>
        {step?.to?.label ?? 'Request a name'} {shortcut && step === null && <Kbd>C</Kbd>}
      </Link>
    </Button>
  );
}
