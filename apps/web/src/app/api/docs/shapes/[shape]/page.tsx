import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ShapeArticle } from '@/features/api-docs/shape-article';
import { container } from '@/server/container';
import { describeApi } from '@/server/rest/describe';

type Props = { params: Promise<{ shape: string }> };

export const dynamic = 'force-dynamic';
export const generateMetadata = async ({ params }: Props): Promise<Metadata> => ({ title: `API: ${(await params).shape}` });

export default async function ShapeDocumentation({ params }: Props) {
  const { shape: name } = await params;
  const shape = describeApi(container().env.publicUrl).shapes.find((each) => each.name === name);
  if (shape === undefined) notFound();
  return (
    <main className="mx-auto grid max-w-4xl grid-cols-[minmax(0,1fr)] gap-8 px-4 py-10">
      <ShapeArticle shape={shape} />
      <p>
        One of the{' '}
        <a className="underline" href="/api/docs/shapes">
          shapes
        </a>{' '}
        of the{' '}
        <a className="underline" href="/api/docs">
          API
        </a>
        .
      </p>
    </main>
  );
}
