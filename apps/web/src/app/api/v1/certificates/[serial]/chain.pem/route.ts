import { container } from '@/server/container';
import { serveChainPem } from '@/server/rest/chain-pem';

export const GET = async (request: Request, { params }: { params: Promise<{ serial: string }> }): Promise<Response> =>
  serveChainPem(request, (await params).serial, container());
