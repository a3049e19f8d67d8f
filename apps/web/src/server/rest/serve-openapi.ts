// The OpenAPI document for everybody who asks, also without an account: written once, because to make it takes hundreds of
// times as long as to send it. The server packs it for whoever can unpack it, as it does everything.
import { createHash } from 'node:crypto';
import { madeOnce } from './made-once.ts';
import { openApiDocument } from './openapi.ts';

const written = madeOnce((publicUrl) => {
  const text = JSON.stringify(openApiDocument(publicUrl));
  return { text, etag: `W/"${createHash('sha256').update(text).digest('base64url')}"` };
});

export function serveOpenApi({ headers }: Pick<Request, 'headers'>, publicUrl: string): Response {
  const { text, etag } = written(publicUrl);
  const always = { ETag: etag, 'Cache-Control': 'no-cache' };
  // RFC 9110 §13.1.2: compared weakly.
  const known = (headers.get('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^(?:W\/)?/, 'W/'));
  if (known.includes(etag)) return new Response(null, { status: 304, headers: always });
  return new Response(text, { headers: { ...always, 'Content-Type': 'application/json' } });
}
