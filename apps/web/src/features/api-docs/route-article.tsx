import { Code } from '@/components/ui/code';
import type { RouteDescription } from '@/server/rest/describe';
import { FieldTable } from './field-table';

export const RouteArticle = ({ route }: { route: RouteDescription }) => (
  <article aria-label={route.title} className="grid min-w-0 gap-2">
    <h2 className="data font-medium [overflow-wrap:anywhere]">{route.title}</h2>
    <p>{route.summary}.</p>
    {route.description !== null && <p>{route.description}</p>}
    <p className="text-ink-2 text-sm">
      For {route.who}.{' '}
      {route.scope === null
        ? 'Any token will do.'
        : route.scope === 'session'
          ? 'No token will do.'
          : `A token needs the scope ${route.scope}.`}
    </p>
    {route.fields.length > 0 && <FieldTable caption={`What ${route.title} takes`} fields={route.fields} />}
    <p className="text-sm">
      Answers <span className="data">{route.answer.status}</span>
      {route.answer.schema === null ? ' and nothing more' : <> and {<Named name={route.answer.schema} />}</>}. Refuses with{' '}
      {route.refusals.map((code, index) => (
        <span key={code}>
          {index > 0 && ', '}
          <a className="data underline" href={`/api/docs#${code}`}>
            {code}
          </a>
        </span>
      ))}
      .
    </p>
    <Code text={route.curl} label={`curl for ${route.title}`} wrap />
    {route.answer.example !== null && (
      <details className="text-sm">
        <summary className="rounded-sm text-ink-2 hover:text-ink">An answer</summary>
        <Code text={route.answer.example} label={`an answer of ${route.title}`} className="mt-2" />
      </details>
    )}
  </article>
);

const Named = ({ name }: { name: string }) => (
  <a className="data underline" href={`/api/docs/shapes/${name}`}>
    {name}
  </a>
);
