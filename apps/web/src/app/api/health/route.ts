import { container } from '@/server/container';

export const dynamic = 'force-dynamic';

/** Ready when the database answers; a load balancer sends nobody here until then. */
export async function GET(): Promise<Response> {
  const { parts, log } = container();
  try {
    await parts.db.$queryRaw`SELECT 1`;
    return Response.json({ ready: true }, { headers: { 'Cache-Control': 'no-store' } });
  } catch (error) {
    log.warn({ err: error }, 'not ready');
    return Response.json(
      { ready: false, waitsFor: 'database' },
      { status: 503, headers: { 'Cache-Control': 'no-store', 'Retry-After': '2' } },
    );
  }
}
