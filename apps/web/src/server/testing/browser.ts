// A browser in few lines for tests: keeps cookies per host and port, follows redirects, and submits forms.
type Page = { readonly url: string; readonly status: number; readonly text: string; readonly response: Response };

export type Browser = {
  /** Follows redirects to the page where they end. */
  open(url: string, init?: RequestInit): Promise<Page>;
  /** Sends the form of a page with further fields. */
  submit(page: Page, fields: Readonly<Record<string, string>>): Promise<Page>;
  /** One request without following where it leads. */
  fetch(url: string, init?: RequestInit): Promise<Response>;
  cookies(origin: string): ReadonlyMap<string, string>;
};

export function createBrowser(): Browser {
  const jars = new Map<string, Map<string, { value: string; path: string }>>();
  const jarOf = (origin: string) => {
    const jar = jars.get(origin) ?? new Map();
    jars.set(origin, jar);
    return jar;
  };

  async function send(url: string, init: RequestInit = {}): Promise<Response> {
    const { origin, pathname } = new URL(url);
    const jar = jarOf(origin);
    const headers = new Headers(init.headers);
    const sent = [...jar].filter(([, { path }]) => pathname.startsWith(path)).map(([name, { value }]) => `${name}=${value}`);
    if (sent.length > 0) headers.set('cookie', sent.join('; '));
    const response = await fetch(url, { ...init, headers, redirect: 'manual', signal: AbortSignal.timeout(10_000) });
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const name = pair.slice(0, pair.indexOf('='));
      const value = pair.slice(pair.indexOf('=') + 1);
      const path = attributes.find((each) => /^path=/i.test(each))?.slice(5) ?? '/';
      const gone =
        value === '' || attributes.some((each) => /^max-age=0$/i.test(each)) || attributes.some((each) => /^expires=.*1970/i.test(each));
      if (gone) jar.delete(name);
      else jar.set(name, { value, path });
    }
    return response;
  }

  async function open(url: string, init?: RequestInit): Promise<Page> {
    let at = url;
    let response = await send(at, init);
    for (let hops = 0; hops < 12; hops += 1) {
      const location = response.headers.get('location');
      if (location === null) return { url: at, status: response.status, text: await response.text(), response };
      at = new URL(location, at).href;
      response = await send(at);
    }
    throw new Error(`too many redirects, last to ${at}`);
  }

  return {
    open,
    fetch: send,
    submit: (page, fields) => {
      const [, action] = /<form[^>]*action="([^"]+)"/.exec(page.text) ?? [];
      if (action === undefined) throw new Error(`there is no form on ${page.url} (${page.status}): ${page.text.slice(0, 500)}`);
      const hidden = [...page.text.matchAll(/<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)].map(
        ([, name = '', value = '']) => [name, value],
      );
      return open(new URL(action, page.url).href, {
        method: 'POST',
        body: new URLSearchParams({ ...Object.fromEntries(hidden), ...fields }),
      });
    },
    cookies: (origin) => new Map([...jarOf(origin)].map(([name, { value }]) => [name, value])),
  };
}
