import type { ShapeDescription } from '@/server/rest/describe';
import { FieldTable, InWords } from './field-table';

export const ShapeArticle = ({ shape: { name, description, values, forms, fields } }: { shape: ShapeDescription }) => (
  <article aria-label={name} className="grid min-w-0 gap-2">
    <h1 className="data font-semibold text-xl">{name}</h1>
    <p>{description}</p>
    {values.length > 0 && <p className="data text-sm [overflow-wrap:anywhere]">{values.join(' | ')}</p>}
    {forms.length > 0 && (
      <ul className="list-disc pl-5 text-sm leading-7">
        {forms.map((words, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the forms of one shape, which never change
          <li key={index} className="data [overflow-wrap:anywhere]">
            <InWords words={words} />
          </li>
        ))}
      </ul>
    )}
    {fields.length > 0 && <FieldTable caption={`Fields of ${name}`} fields={fields} />}
  </article>
);
