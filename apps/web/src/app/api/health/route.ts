import { readHealth } from '@hostmaster/usecases/installation/health';
import { container } from '@/server/container';

export const dynamic = 'force-dynamic';

/**
 * Ready when the database answers; a load balancer sends nobody here until then. A portal whose workers are gone is ready: it
 * tells people so, and to end it would mend nothing.
 */
export async function GET(): Promise<Response> {
  const { parts, log } = container();
  try {
    return Response.json({ ready: true, ...(await readHealth(parts)) }, { headers: { 'Cache-Control': 'no-store' } });
  } catch (error) {
    log.warn({ err: error }, 'not ready');
    return Response.json(
      { ready: false, waitsFor: 'database' },
      { status: 503, headers: { 'Cache-Control': 'no-store', 'Retry-After': '2' } },
    );
  }
}
