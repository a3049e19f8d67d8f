import { container } from '@/server/container';
import { serveTrpc } from '@/server/trpc/serve';

const handle = (request: Request): Promise<Response> => serveTrpc(request, container());

export { handle as GET, handle as POST };
