import { container } from '@/server/container';
import { serveOpenApi } from '@/server/rest/serve-openapi';

export const dynamic = 'force-dynamic';

export const GET = (request: Request): Response => serveOpenApi(request, container().env.publicUrl);
