'use client';
import { useState } from 'react';
import { Code } from '@/components/ui/code';
import { Segmented } from '@/components/ui/segmented';
import { type Snippet, snippets } from './snippets';

/** One kind of host at a time. */
export function Snippets({ aliases }: { aliases: readonly string[] }) {
  const [chosen, choose] = useState<Snippet['value']>('debian');
  return (
    <>
      <Segmented value={chosen} onChange={choose} options={snippets} label="Kind of host" />
      {snippets
        .filter(({ value }) => value === chosen)
        .map((snippet) => (
          <div key={snippet.value} aria-live="polite">
            <p className="mt-4 mb-2 text-ink-2 text-sm">{snippet.note}</p>
            <Code text={snippet.text({ aliases })} label={`what ${snippet.label} is told`} wrap />
          </div>
        ))}
    </>
  );
}
