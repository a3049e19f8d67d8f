import { container } from '@/server/container';
import { openApiDocument } from '@/server/rest/openapi';

export const dynamic = 'force-dynamic';

export const GET = (): Response => Response.json(openApiDocument(container().env.publicUrl), { headers: { 'Cache-Control': 'no-cache' } });
