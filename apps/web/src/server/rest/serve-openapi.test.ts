import { describe, expect, it } from 'vitest';
import { describeApi } from './describe.ts';
import { openApiDocument } from './openapi.ts';
import { serveOpenApi } from './serve-openapi.ts';

const publicUrl = 'http://hostmaster.test';
const get = (headers: Record<string, string> = {}) => serveOpenApi({ headers: new Headers(headers) }, publicUrl);

describe('what anybody may read of the API', () => {
  it('is made once, however often somebody asks for it', () => {
    expect(openApiDocument(publicUrl)).toBe(openApiDocument(publicUrl));
    expect(describeApi(publicUrl)).toBe(describeApi(publicUrl));
    expect(describeApi('http://elsewhere.test')).not.toBe(describeApi(publicUrl));
  });

  it('is the document', async () => {
    expect(await get().json()).toEqual(JSON.parse(JSON.stringify(openApiDocument(publicUrl))));
  });

  it('is not sent again to whoever has it', async () => {
    const etag = get().headers.get('etag') ?? '';
    expect(etag).toMatch(/^W\/"[\w-]{43}"$/);
    for (const tags of [etag, etag.replace('W/', ''), `"other", ${etag}`]) {
      const again = get({ 'if-none-match': tags });
      expect(again.status, tags).toBe(304);
      expect(again.headers.get('etag')).toBe(etag);
      expect(await again.text()).toBe('');
    }
    expect(get({ 'if-none-match': '"other"' }).status).toBe(200);
    expect(serveOpenApi({ headers: new Headers({ 'if-none-match': etag }) }, 'http://elsewhere.test').status).toBe(200);
  });
});
