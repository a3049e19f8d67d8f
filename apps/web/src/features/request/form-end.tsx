'use client';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Kbd } from '@/components/ui/kbd';
import { asCurl, asYaml } from './as-code';
import type { RequestDraft } from './form-values';

/** What can be done with what was typed: send it, or take it along as code that does the same. */
export function FormEnd({ draft, change, busy }: { draft: RequestDraft; change: boolean; busy: boolean }) {
  const name = draft.contract.hostname;
  return (
    <div className="flex flex-wrap items-center gap-2 pt-1">
      <Button type="submit" look="primary" busy={busy && 'Asking…'} className="max-w-full">
        <span className="truncate">{change ? 'Request this change' : name === '' ? 'Request the name' : `Request ${name}`}</span>
        <Kbd mod>↵</Kbd>
      </Button>
      <CopyButton visible="curl" text={typeof window === 'undefined' ? '' : asCurl(window.location.origin, draft)} label="Copy as curl" />
      <CopyButton visible="YAML" text={asYaml(draft)} label="Copy as YAML" />
    </div>
  );
}
