import { container } from '@/server/container';
import { serveRest } from '@/server/rest/serve';

const handle = (request: Request): Promise<Response> => serveRest(request, container());

// OPTIONS too: by itself Next would allow all of these, whatever the path.
export { handle as DELETE, handle as GET, handle as OPTIONS, handle as PATCH, handle as POST, handle as PUT };
