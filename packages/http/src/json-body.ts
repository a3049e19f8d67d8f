// Request bodies, read as strictly as they may be: never more bytes than the limit whatever Content-Length claims, only
// UTF-8 (RFC 8259, section 8.1), only JSON, only an object.
import { HostmasterError } from '@hostmaster/core/errors';

export const bodyLimit = 64 * 1024;

/** The bytes of the body. Errors: body-too-large, as soon as the limit is passed. */
export async function readBytes(request: Request, limit: number = bodyLimit): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = (): HostmasterError => new HostmasterError('body-too-large', `The body has more than ${limit} bytes.`);
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge();
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > limit) {
      await reader.cancel();
      throw tooLarge();
    }
    chunks.push(value);
  }
  return Uint8Array.from(Buffer.concat(chunks));
}

/** The object that the body holds; no body at all is an empty object. Errors: unsupported-media-type, invalid-input. */
export function parseObject(bytes: Uint8Array, contentType: string | null): Readonly<Record<string, unknown>> {
  if (bytes.length === 0) return {};
  if (!/^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(contentType?.trim() ?? ''))
    throw new HostmasterError(
      'unsupported-media-type',
      `The body is ${contentType === null ? 'of no named type' : `"${contentType.slice(0, 100)}"`}; send application/json.`,
    );
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new HostmasterError('invalid-input', 'The body is not valid JSON in UTF-8.', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new HostmasterError('invalid-input', 'The body must be a JSON object.');
  return { ...value };
}
