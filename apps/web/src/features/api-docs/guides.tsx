import { Code } from '@/components/ui/code';
import type { Guide } from '@/server/rest/guides';

/** Steps to follow in one shell; `data-command` is what a test runs. */
export const Guides = ({ guides }: { guides: readonly Guide[] }) =>
  guides.map(({ id, title, text, steps }) => (
    <article key={id} id={`guide-${id}`} aria-labelledby={`guide-${id}-title`} className="grid gap-3">
      <h3 id={`guide-${id}-title`} className="font-semibold text-lg">
        {title}
      </h3>
      <p>{text}</p>
      <ol className="grid gap-4">
        {steps.map(({ says, command, prints }) => (
          <li key={says} data-command={command} data-prints={prints} className="grid min-w-0 gap-1.5">
            <p>{says}</p>
            <Code text={command} label={`commands: ${says}`} wrap />
            {prints !== undefined && (
              <p className="text-ink-2 text-sm">
                It prints <code className="data">{prints}</code>.
              </p>
            )}
          </li>
        ))}
      </ol>
    </article>
  ));
