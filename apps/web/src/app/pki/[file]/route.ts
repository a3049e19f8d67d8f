import { readPkiFile } from '@hostmaster/usecases/issuer/read-pki-file';
import { container } from '@/server/container';
import { headersOf } from '@/server/pki-door';

export async function GET(_request: Request, { params }: { params: Promise<{ file: string }> }): Promise<Response> {
  const file = await readPkiFile(container().parts, (await params).file);
  if (file === null) return new Response('There is no such file.\n', { status: 404, headers: { 'Content-Type': 'text/plain' } });
  return new Response(file.body, { headers: headersOf(file) });
}
