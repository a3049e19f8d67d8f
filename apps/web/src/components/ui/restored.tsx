import { Button } from './button';
import { Callout } from './callout';

/** Above a form that was filled from what was typed before: why it is not empty, and the way to have it so. */
export function Restored({ draft: { restored, anew } }: { draft: { readonly restored: boolean; readonly anew: () => void } }) {
  if (!restored) return null;
  return (
    <Callout state="none" title="What you typed before is here again.">
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
        Nothing of it was sent yet.
        <Button size="sm" onClick={anew}>
          Begin anew
        </Button>
      </span>
    </Callout>
  );
}
