/** What a program answered, whole. */
export type Answered = { readonly status: number; readonly text: string };

/**
 * Asks once, for at most so long. With a timer of our own: Node 20 may collect a timeout signal (`AbortSignal.timeout`) that
 * only a request still refers to, and the request then waits for ever. Errors: those of fetch.
 */
export async function fetchWithin(url: string, milliseconds: number): Promise<Answered> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error(`${url} did not answer within ${milliseconds} ms`)), milliseconds);
  try {
    const response = await fetch(url, { redirect: 'manual', signal: controller.signal });
    return { status: response.status, text: await response.text() };
  } finally {
    clearTimeout(timer);
  }
}
