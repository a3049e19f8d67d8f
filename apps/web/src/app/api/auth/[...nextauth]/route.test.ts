import { NextRequest } from 'next/server';
import { describe, expect, it, vi } from 'vitest';

const log = vi.hoisted(() => ({ lines: 0 }));
vi.mock('@/server/container', () => ({
  container: () => {
    log.lines += 1;
    throw new Error('next-auth was asked');
  },
}));

const { GET, POST } = await import('./route.ts');
const at = (...nextauth: string[]) => ({ params: Promise.resolve({ nextauth }) });

describe('what anybody may send to the sign-in routes', () => {
  it.each([
    ['GET', GET],
    ['POST', POST],
  ] as const)('is never a line of our log: %s /api/auth/_log is not there', async (method, handle) => {
    const body = method === 'POST' ? new URLSearchParams({ level: 'error', code: 'x'.repeat(60_000) }) : null;
    const request = new NextRequest('http://hostmaster.test/api/auth/_log', { method, body });
    expect((await handle(request, at('_log'))).status).toBe(404);
    expect(log.lines).toBe(0);
  });

  it('is otherwise for next-auth to judge', async () => {
    await expect(GET(new NextRequest('http://hostmaster.test/api/auth/csrf'), at('csrf'))).rejects.toThrow('next-auth was asked');
  });
});
