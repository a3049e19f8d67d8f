// The API's documentation, made from the same routes as the API: nouns, addresses, who may, what is sent and answered, a
// curl line that works, and every error code. No foreign script: it is a page like the others.
import type { Metadata } from 'next';
import { Code } from '@/components/ui/code';
import { container } from '@/server/container';
import { describeRoutes } from '@/server/rest/describe';
import { documentedProblems } from '@/server/rest/openapi';

export const metadata: Metadata = { title: 'API' };
export const dynamic = 'force-dynamic';

export default function ApiDocumentation() {
  const { publicUrl } = container().env;
  const nouns = describeRoutes(publicUrl);
  return (
    <main className="mx-auto grid max-w-4xl gap-10 px-4 py-10">
      <header className="grid gap-3">
        <h1 className="text-2xl font-semibold">API</h1>
        <p>
          Everything that the portal does, for scripts and pipelines. The machine-readable form is{' '}
          <a className="underline" href="/api/openapi.json">
            OpenAPI 3.1
          </a>
          . Make a token in the portal and send it as <code className="data">Authorization: Bearer hm_…</code>; a POST that you may have to
          repeat carries an <code className="data">Idempotency-Key</code>.
        </p>
        <nav aria-label="Nouns">
          <ul className="flex flex-wrap gap-x-4 gap-y-1">
            {nouns.map(({ noun }) => (
              <li key={noun}>
                <a className="underline" href={`#${noun}`}>
                  {noun}
                </a>
              </li>
            ))}
            <li>
              <a className="underline" href="#errors">
                errors
              </a>
            </li>
          </ul>
        </nav>
      </header>
      {nouns.map(({ noun, routes }) => (
        <section key={noun} id={noun} aria-labelledby={`${noun}-title`} className="grid gap-8">
          <h2 id={`${noun}-title`} className="text-xl font-semibold">
            {noun}
          </h2>
          {routes.map((route) => (
            <article key={route.title} aria-label={route.title} className="grid gap-2">
              <h3 className="data font-medium">{route.title}</h3>
              <p>{route.summary}.</p>
              {route.description !== null && <p>{route.description}</p>}
              <p className="text-sm">
                For {route.who}. {route.scope === null ? 'Any token will do.' : `A token needs the scope ${route.scope}.`} Answers{' '}
                {route.status}.
              </p>
              {route.fields.length > 0 && (
                <table className="text-left text-sm">
                  <caption className="sr-only">Fields of {route.title}</caption>
                  <thead>
                    <tr>
                      <th scope="col">Field</th>
                      <th scope="col">In</th>
                      <th scope="col">Value</th>
                    </tr>
                  </thead>
                  <tbody>
                    {route.fields.map((field) => (
                      <tr key={field.name}>
                        <td className="data pr-4">{field.name}</td>
                        <td className="pr-4">
                          {field.place}
                          {field.required ? '' : ', optional'}
                        </td>
                        <td className="data">{field.value}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              )}
              <Code text={route.curl} label={`curl for ${route.title}`} wrap />
            </article>
          ))}
        </section>
      ))}
      <section id="errors" aria-labelledby="errors-title" className="grid gap-4">
        <h2 id="errors-title" className="text-xl font-semibold">
          errors
        </h2>
        <p>
          A problem document (RFC 9457) with a stable <code className="data">code</code>, every violation at once, and a trace id to quote.
        </p>
        <dl className="grid gap-4">
          {documentedProblems.map(({ code, status, title, remedy, retryable }) => (
            <div key={code} id={code}>
              <dt className="data font-medium">
                {status} {code}
              </dt>
              <dd>
                {title}. {remedy} {retryable ? 'The same call may succeed later.' : ''}
              </dd>
            </div>
          ))}
        </dl>
      </section>
    </main>
  );
}
