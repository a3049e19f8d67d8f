// What the API does with one noun: addresses, who may, what is sent and answered.
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { RouteArticle } from '@/features/api-docs/route-article';
import { container } from '@/server/container';
import { describeApi } from '@/server/rest/describe';

type Props = { params: Promise<{ noun: string }> };

export const dynamic = 'force-dynamic';
export const generateMetadata = async ({ params }: Props): Promise<Metadata> => ({ title: `API: ${(await params).noun}` });

export default async function NounDocumentation({ params }: Props) {
  const { noun } = await params;
  const routes = describeApi(container().env.publicUrl).nouns.find((each) => each.noun === noun)?.routes;
  if (routes === undefined) notFound();
  return (
    <main className="mx-auto grid max-w-4xl grid-cols-[minmax(0,1fr)] gap-8 px-4 py-10">
      <header className="grid gap-3">
        <h1 className="text-xl font-semibold">{noun}</h1>
        <p>
          One of the nouns of the{' '}
          <a className="underline" href="/api/docs">
            API
          </a>
          .
        </p>
      </header>
      {routes.map((route) => (
        <RouteArticle key={route.title} route={route} />
      ))}
    </main>
  );
}
