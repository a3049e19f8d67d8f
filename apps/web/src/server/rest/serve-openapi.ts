// The OpenAPI document for everybody who asks, also without an account: written and packed once, because to make it takes
// hundreds of times as long as to send it.
import { createHash } from 'node:crypto';
import { constants, gzipSync } from 'node:zlib';
import { madeOnce } from './made-once.ts';
import { openApiDocument } from './openapi.ts';

const written = madeOnce((publicUrl) => {
  const text = JSON.stringify(openApiDocument(publicUrl));
  const etag = `W/"${createHash('sha256').update(text).digest('base64url')}"`;
  return { text, packed: gzipSync(text, { level: constants.Z_BEST_COMPRESSION }), etag };
});

const takesGzip = (accepted: string): boolean => /(?:^|,)\s*gzip\s*(?:;\s*q=(?:0?\.\d*[1-9]\d*|1(?:\.0*)?)\s*)?(?:,|$)/i.test(accepted);

export function serveOpenApi({ headers }: Pick<Request, 'headers'>, publicUrl: string): Response {
  const { text, packed, etag } = written(publicUrl);
  const always = { ETag: etag, 'Cache-Control': 'no-cache', Vary: 'Accept-Encoding' };
  // RFC 9110 §13.1.2: compared weakly.
  const known = (headers.get('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^(?:W\/)?/, 'W/'));
  if (known.includes(etag)) return new Response(null, { status: 304, headers: always });
  const type = { ...always, 'Content-Type': 'application/json' };
  if (!takesGzip(headers.get('accept-encoding') ?? '')) return new Response(text, { headers: type });
  return new Response(packed, { headers: { ...type, 'Content-Encoding': 'gzip', 'Content-Length': String(packed.length) } });
}
