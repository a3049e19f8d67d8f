import { container } from '@/server/container';
import { serveChainPem } from '@/server/rest/chain-pem';

const handle = async (request: Request, { params }: { params: Promise<{ serial: string }> }): Promise<Response> =>
  serveChainPem(request, (await params).serial, container());

export { handle as DELETE, handle as GET, handle as OPTIONS, handle as PATCH, handle as POST, handle as PUT };
