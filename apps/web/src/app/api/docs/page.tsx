// The API's documentation, made from the same routes as the API: guides with commands to copy, nouns, addresses, who may,
// what is sent and answered, every shape, every error code and every rule. No foreign script: it is a page like the others.
import { ruleAnchor, ruleTexts } from '@hostmaster/core/rule-texts';
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { FieldTable, InWords } from '@/features/api-docs/field-table';
import { Guides } from '@/features/api-docs/guides';
import { RouteArticle } from '@/features/api-docs/route-article';
import { container } from '@/server/container';
import { describeApi, type ShapeDescription } from '@/server/rest/describe';
import { guidesFor } from '@/server/rest/guides';
import { documentedProblems } from '@/server/rest/openapi';

export const metadata: Metadata = { title: 'API' };
export const dynamic = 'force-dynamic';

export default function ApiDocumentation() {
  const { publicUrl } = container().env;
  const { nouns, shapes } = describeApi(publicUrl);
  const guides = guidesFor(publicUrl);
  return (
    <main className="mx-auto grid max-w-4xl grid-cols-[minmax(0,1fr)] gap-10 px-4 py-10">
      <header className="grid gap-3">
        <h1 className="text-2xl font-semibold">API</h1>
        <p>
          Everything that the portal does, for scripts and pipelines. The machine-readable form is{' '}
          <a className="underline" href="/api/openapi.json">
            OpenAPI 3.1
          </a>
          . Make a token in the portal and send it as <code className="data">Authorization: Bearer hm_…</code>; a POST that you may have to
          repeat carries an <code className="data">Idempotency-Key</code>. Programs in TypeScript can call the same procedures by tRPC, at{' '}
          <code className="data">{publicUrl}/api/trpc</code>, with the package <code className="data">@hostmaster/client</code>.
        </p>
        <nav aria-label="Guides">
          <Links links={guides.map(({ id, title }) => [`guide-${id}`, title])} />
        </nav>
        <nav aria-label="Nouns">
          <Links links={[...nouns.map(({ noun }) => noun), 'shapes', 'errors', 'rules'].map((noun) => [noun, noun])} />
        </nav>
      </header>
      <Part id="guides">
        <Guides guides={guides} />
      </Part>
      {nouns.map(({ noun, routes }) => (
        <Part key={noun} id={noun}>
          {routes.map((route) => (
            <RouteArticle key={route.title} route={route} />
          ))}
        </Part>
      ))}
      <Part id="shapes">
        {shapes.map((shape) => (
          <Shape key={shape.name} shape={shape} />
        ))}
      </Part>
      <Part id="errors">
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
      </Part>
      <Part id="rules">
        <p>
          What the <code className="data">rule</code> of a violation, or of what policy says of a request, can be.
        </p>
        <dl className="grid gap-3">
          {[...ruleTexts].map(([rule, holds]) => (
            <div key={rule} id={ruleAnchor(rule)}>
              <dt className="data font-medium">{rule}</dt>
              <dd>{holds}</dd>
            </div>
          ))}
        </dl>
      </Part>
    </main>
  );
}

const Links = ({ links }: { links: readonly (readonly [id: string, text: string])[] }) => (
  <ul className="flex flex-wrap gap-x-4 gap-y-1">
    {links.map(([id, text]) => (
      <li key={id}>
        <a className="underline" href={`#${id}`}>
          {text}
        </a>
      </li>
    ))}
  </ul>
);

const Part = ({ id, children }: { id: string; children: ReactNode }) => (
  <section id={id} aria-labelledby={`${id}-title`} className="grid grid-cols-[minmax(0,1fr)] gap-8">
    <h2 id={`${id}-title`} className="text-xl font-semibold">
      {id}
    </h2>
    {children}
  </section>
);

const Shape = ({ shape: { name, description, values, forms, fields } }: { shape: ShapeDescription }) => (
  <article id={name} aria-label={name} className="grid min-w-0 gap-2">
    <h3 className="data font-medium">{name}</h3>
    <p>{description}</p>
    {values.length > 0 && <p className="data text-sm [overflow-wrap:anywhere]">{values.join(' | ')}</p>}
    {forms.length > 0 && (
      <ul className="list-disc pl-5 text-sm">
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
