// The API's documentation, made from the same routes as the API: guides with commands to copy, every error code and every
// rule; each noun and each shape has a page of its own. No foreign script: they are pages like the others.
import { ruleAnchor, ruleTexts } from '@hostmaster/core/rule-texts';
import type { Metadata } from 'next';
import { Guides } from '@/features/api-docs/guides';
import { Links, Part } from '@/features/api-docs/part';
import { container } from '@/server/container';
import { describeApi } from '@/server/rest/describe';
import { guidesFor } from '@/server/rest/guides';
import { documentedProblems } from '@/server/rest/openapi';

export const metadata: Metadata = { title: 'API' };
export const dynamic = 'force-dynamic';

export default function ApiDocumentation() {
  const { publicUrl } = container().env;
  const { nouns } = describeApi(publicUrl);
  const guides = guidesFor(publicUrl);
  return (
    <main className="mx-auto grid max-w-4xl grid-cols-[minmax(0,1fr)] gap-10 px-4 py-10">
      <header className="grid gap-3">
        <h1 className="text-xl font-semibold">API</h1>
        <p>
          Everything that the portal does, for scripts and pipelines. The machine-readable form is{' '}
          <a className="underline" href="/api/openapi.json">
            OpenAPI 3.1
          </a>
          , and what is sent and answered is described{' '}
          <a className="underline" href="/api/docs/shapes">
            shape by shape
          </a>
          . Make a token in the portal and send it as <code className="data">Authorization: Bearer hm_…</code>; a POST that you may have to
          repeat carries an <code className="data">Idempotency-Key</code>. Programs in TypeScript can call the same procedures by tRPC, at{' '}
          <code className="data">{publicUrl}/api/trpc</code>, with the package <code className="data">@hostmaster/client</code>.
        </p>
        <nav aria-label="Guides">
          <Links links={guides.map(({ id, title }) => [`#guide-${id}`, title])} />
        </nav>
        <nav aria-label="Nouns">
          <Links links={nouns.map(({ noun }) => [`/api/docs/${noun}`, noun])} />
        </nav>
        <nav aria-label="What is refused">
          <Links
            links={[
              ['#errors', 'errors'],
              ['#rules', 'rules'],
            ]}
          />
        </nav>
      </header>
      <Part id="guides">
        <Guides guides={guides} />
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
