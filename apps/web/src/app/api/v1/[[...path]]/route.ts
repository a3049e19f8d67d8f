import { container } from '@/server/container';
import { serveRest } from '@/server/rest/serve';

const handle = (request: Request): Promise<Response> => serveRest(request, container());

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST, handle as PUT };
