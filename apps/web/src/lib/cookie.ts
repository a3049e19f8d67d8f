// Cookies that the browser itself writes: what a person chose about the portal. None is secret, and the server reads them
// too, so that the first byte of a page is right.
const year = 31_536_000;

/** Keeps the value for a year; null takes it away. */
export function writeCookie(name: string, value: string | null): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that we support
  document.cookie = `${name}=${value ?? ''}; path=/; max-age=${value === null ? 0 : year}; samesite=lax`;
}

export const readCookie = (name: string): string | null =>
  document.cookie
    .split('; ')
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? null;
