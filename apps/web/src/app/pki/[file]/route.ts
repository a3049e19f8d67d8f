import { readPkiFile } from '@hostmaster/usecases/issuer/read-pki-file';
import { container } from '@/server/container';
import { headersOf, noteFetch } from '@/server/pki-door';

export async function GET(request: Request, { params }: { params: Promise<{ file: string }> }): Promise<Response> {
  const name = (await params).file;
  const file = await readPkiFile(container().parts, name);
  if (file === null) return new Response('There is no such file.\n', { status: 404, headers: { 'Content-Type': 'text/plain' } });
  noteFetch(container(), name, file, request.headers);
  return new Response(file.body, { headers: headersOf(file) });
}
