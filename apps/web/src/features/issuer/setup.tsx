import type { IssuerRow } from '@hostmaster/core/contract/issuer';
import { Code } from '@/components/ui/code';

/** What whoever runs the CA does so that it signs for the names of this issuer. */
export const Setup = ({ steps }: { steps: IssuerRow['setup'] }) => (
  <details className="mt-4 text-sm">
    <summary className="rounded-sm text-ink-2 hover:text-ink">Commands for whoever runs it</summary>
    <p className="mt-2 text-ink-3">They follow from the names that it signs for: after a change of these they are run again.</p>
    {steps.map(({ title, command }) => (
      <div key={title} className="mt-3">
        <p className="text-ink-2">{title}</p>
        <Code text={command} label={`the command: ${title}`} className="mt-1" />
      </div>
    ))}
  </details>
);
