// Every shape that the API takes and answers with, by its name in the OpenAPI document.
import type { Metadata } from 'next';
import { Links } from '@/features/api-docs/part';
import { container } from '@/server/container';
import { describeApi } from '@/server/rest/describe';

export const metadata: Metadata = { title: 'Shapes of the API' };
export const dynamic = 'force-dynamic';

export default function ShapesDocumentation() {
  const { shapes } = describeApi(container().env.publicUrl);
  return (
    <main className="mx-auto grid max-w-4xl grid-cols-[minmax(0,1fr)] gap-8 px-4 py-10">
      <header className="grid gap-3">
        <h1 className="text-xl font-semibold">Shapes</h1>
        <p>
          What the{' '}
          <a className="underline" href="/api/docs">
            API
          </a>{' '}
          takes and answers with.
        </p>
      </header>
      <nav aria-label="Shapes">
        <Links links={shapes.map(({ name }) => [`/api/docs/shapes/${name}`, name])} />
      </nav>
    </main>
  );
}
