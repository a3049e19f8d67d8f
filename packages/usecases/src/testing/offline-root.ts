// A root whose key never comes near Hostmaster: OpenSSL holds it, in a folder of its own, as somebody does who takes a laptop from a safe.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type OfflineRoot = {
  readonly folder: string;
  readonly certificatePem: string;
  /** Output of OpenSSL in the folder, whether it succeeds or not. */
  openssl(...args: readonly string[]): Promise<string>;
  /** Writes a file there; answers its name. */
  write(name: string, text: string): Promise<string>;
  read(name: string): Promise<string>;
  /** Signs a request, taking over what it asks for, or with these extensions alone. */
  sign(csrPem: string, extensions?: string): Promise<string>;
  /** A list of revoked certificates, of nobody. */
  crl(): Promise<string>;
  remove(): Promise<void>;
};

const config = `
[req]
distinguished_name = subject
x509_extensions = root
prompt = no
[subject]
O = Example
CN = @NAME@
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[ca]
default_ca = root_ca
[root_ca]
database = index.txt
crlnumber = crlnumber
certificate = root.pem
private_key = root.key
default_md = sha384
default_crl_days = 30
crl_extensions = list
[list]
authorityKeyIdentifier = keyid
`;

/** @param key arguments of `openssl genpkey` */
export async function createOfflineRoot(
  name: string,
  key: readonly string[] = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'],
): Promise<OfflineRoot> {
  const folder = await mkdtemp(join(tmpdir(), 'offline-root-'));
  const openssl = async (...args: readonly string[]): Promise<string> => {
    try {
      const { stdout, stderr } = await run('openssl', [...args], { cwd: folder, timeout: 30_000 });
      return `${stdout}${stderr}`;
    } catch (error) {
      if (error instanceof Error && 'stdout' in error && 'stderr' in error) return `failed: ${error.stdout}${error.stderr}`;
      throw error;
    }
  };
  const write = async (file: string, text: string): Promise<string> => {
    await writeFile(join(folder, file), text);
    return file;
  };
  const read = (file: string) => readFile(join(folder, file), 'utf8');
  await write('root.cnf', config.replace('@NAME@', name));
  await openssl('genpkey', ...key, '-out', 'root.key');
  await openssl('req', '-x509', '-new', '-config', 'root.cnf', '-key', 'root.key', '-sha384', '-days', '7300', '-out', 'root.pem');
  await write('index.txt', '');
  await write('crlnumber', '01\n');
  return {
    folder,
    certificatePem: await read('root.pem'),
    openssl,
    write,
    read,
    async sign(csrPem, extensions) {
      await write('request.pem', csrPem);
      await write('extensions.cnf', extensions ?? 'authorityKeyIdentifier = keyid\n');
      const taken = extensions === undefined ? ['-copy_extensions', 'copy'] : [];
      const signed = ['-CA', 'root.pem', '-CAkey', 'root.key', '-sha384', '-days', '1825', '-extfile', 'extensions.cnf'];
      const said = await openssl('x509', '-req', '-in', 'request.pem', ...signed, ...taken, '-out', 'signed.pem');
      if (said.startsWith('failed')) throw new Error(said);
      return read('signed.pem');
    },
    async crl() {
      const said = await openssl('ca', '-config', 'root.cnf', '-gencrl', '-out', 'root.crl.pem');
      if (said.startsWith('failed')) throw new Error(said);
      return read('root.crl.pem');
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
