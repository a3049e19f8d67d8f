// What the browser is told of an error that kept a page from being made: Next hands over a digest and nothing else. Ours says
// the code of the error, and the trace id under which its causes are logged.
const ours = /^([a-z-]+) ([\w-]{1,64})$/;

export const digestOf = (code: string, traceId: string): string => `${code} ${traceId}`;

/** Code null where the digest is one of Next's own. */
export function readDigest(digest: string): { readonly code: string | null; readonly traceId: string } {
  const [, code, traceId] = ours.exec(digest) ?? [];
  return code !== undefined && traceId !== undefined ? { code, traceId } : { code: null, traceId: digest };
}
