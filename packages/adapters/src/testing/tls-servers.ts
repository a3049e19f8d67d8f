// nginx and HAProxy, from Debian's packages, as docs/guides/deliver-certificates.md configures them; paths and ports are put in its place.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

const guide = new URL('../../../../docs/guides/deliver-certificates.md', import.meta.url);

/** The blocks of the guide in one language, in their order. */
export const guideBlocks = async (language: string): Promise<readonly string[]> =>
  [...(await readFile(guide, 'utf8')).matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text = '']) => text);

export type TlsServer = {
  readonly port: number;
  /** What has it read its certificates again. */
  readonly reload: readonly [string, ...string[]];
  /** Adds a line that it does not understand to its configuration, or takes it away again. */
  readonly break: (broken: boolean) => Promise<void>;
  readonly close: () => Promise<void>;
};

type Place = {
  /** An empty folder for what it keeps. */
  readonly folder: string;
  /** Where certificates are delivered. */
  readonly edge: string;
};

/** A port of the loopback that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return address.port;
}

async function closed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** With the server block of the guide, once a name. Every certificate must be there. */
export async function startNginx({ folder, edge }: Place, names: readonly string[]): Promise<TlsServer> {
  const port = await freePort();
  const [block = ''] = await guideBlocks('nginx');
  const servers = names.map((name) =>
    block
      .replace('listen 443 ssl;', `listen 127.0.0.1:${port} ssl;\n    location / { return 200 'answered\\n'; }`)
      .replaceAll('/var/lib/hostmaster/edge', edge)
      .replaceAll('orders.example.test', name),
  );
  const kept = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((each) => `${each}_temp_path ${folder}/${each};`);
  const configuration = join(folder, 'nginx.conf');
  const text = `daemon off;\npid ${folder}/nginx.pid;\nerror_log stderr;\nworker_processes 2;\nevents {}\nhttp {\naccess_log off;\n${kept.join('\n')}\n${servers.join('\n')}}\n`;
  await writeFile(configuration, text);
  const child = spawn('nginx', ['-c', configuration, '-p', folder, '-e', 'stderr'], { stdio: 'ignore' });
  return {
    port,
    reload: ['/usr/sbin/nginx', '-c', configuration, '-p', folder, '-e', 'stderr', '-s', 'reload'],
    break: (broken) => writeFile(configuration, broken ? `${text}no_such_directive on;\n` : text),
    close: () => closed(child),
  };
}

/** With the configuration and the script of the guide. @param defaultPem chain and key that it starts with */
export async function startHaproxy({ folder, edge }: Place, defaultPem: string): Promise<TlsServer> {
  const port = await freePort();
  const [block = ''] = await guideBlocks('haproxy');
  const reload = (await guideBlocks('sh')).find((each) => each.startsWith('#!')) ?? '';
  const configuration = join(folder, 'haproxy.cfg');
  const script = join(folder, 'reload-haproxy');
  await mkdir(join(edge, '_pem'), { recursive: true });
  await writeFile(join(folder, 'default.pem'), defaultPem);
  const text = block
    .replace('/run/haproxy/admin.sock', `${folder}/admin.sock`)
    .replace(':443', `127.0.0.1:${port}`)
    .replace('/etc/haproxy/default.pem', `${folder}/default.pem`)
    .replace('/var/lib/hostmaster/edge', edge)
    .replace('default_backend services', 'http-request return status 200 content-type text/plain string answered');
  await writeFile(configuration, text);
  const child = spawn('haproxy', ['-W', '-db', '-f', configuration], { stdio: 'ignore' });
  const told = reload
    .replaceAll('/etc/haproxy/haproxy.cfg', configuration)
    .replace('exec /usr/bin/systemctl reload haproxy', `kill -USR2 ${child.pid}`);
  await writeFile(script, told);
  await chmod(script, 0o700);
  return {
    port,
    reload: [script],
    break: (broken) => writeFile(configuration, broken ? `${text}    no such keyword\n` : text),
    close: () => closed(child),
  };
}
