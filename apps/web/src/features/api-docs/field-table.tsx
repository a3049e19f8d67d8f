import type { FieldDescription } from '@/server/rest/describe';
import type { Words } from '@/server/rest/schema-words';

/** What is of a name leads to where it is described. */
export const InWords = ({ words }: { words: Words }) =>
  words.map((word, index) =>
    typeof word === 'string' ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text, which never changes
      <span key={index}>{word}</span>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text, which never changes
      <a key={index} className="underline" href={`/api/docs/shapes/${word.name}`}>
        {word.name}
      </a>
    ),
  );

export function FieldTable({ caption, fields }: { caption: string; fields: readonly FieldDescription[] }) {
  return (
    <dl aria-label={caption} className="grid border-line border-t text-sm">
      {fields.map(({ name, place, required, words, bounds, description }) => (
        <div key={`${place} ${name}`} className="grid gap-x-6 gap-y-0.5 border-line border-b py-2 sm:grid-cols-[14rem_minmax(0,1fr)]">
          <dt className="min-w-0">
            <span className="data font-[560] [overflow-wrap:anywhere]">{name}</span>
            <span className="block text-ink-3 text-xs">
              {[place === null ? '' : `in the ${place}`, required ? '' : 'optional'].filter((part) => part !== '').join(', ')}
            </span>
          </dt>
          <dd className="min-w-0">
            {description}
            <span className="data block text-ink-2 text-xs [overflow-wrap:anywhere]">
              <InWords words={words} />
              {bounds !== '' && <span className="text-ink-3">; {bounds}</span>}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
