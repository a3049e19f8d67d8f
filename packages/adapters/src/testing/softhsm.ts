// SoftHSM 2 of Debian: a real library of PKCS #11, whose tokens are folders. One token in a folder of its own, that can be taken out and
// put back as a smart card is.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Where Debian has it, by the architecture and by a link of its own. */
const places = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so'];

/** Locks each file for itself as SoftHSM does (fcntl), and ends with its standard input. */
const holdFiles = `
use Fcntl;
my @held;
for my $path (@ARGV) {
  open(my $file, '+<', $path) or die "$path: $!";
  my $lock = pack('s s x4 q q l x4', F_WRLCK, 0, 0, 0, 0);
  fcntl($file, F_SETLKW, $lock) or die "$path: $!";
  push @held, $file;
}
$| = 1;
print "held";
1 while <STDIN>;
`;

export type SoftHsm = {
  readonly module: string;
  readonly label: string;
  readonly pin: string;
  /** What the library is told of its folder by: SOFTHSM2_CONF, which this process has from now on. */
  readonly configuration: string;
  /** Takes every token out. A library that is open keeps what it knew. */
  remove(): Promise<void>;
  putBack(): Promise<void>;
  /** Another process holds its files, as a device that does not answer, until what this answers is called. */
  stall(): Promise<() => Promise<void>>;
  /** Another token beside it. */
  addToken(label: string): Promise<void>;
  delete(): Promise<void>;
};

export async function startSoftHsm(label = 'Hostmaster CA', pin = '4711-test-pin'): Promise<SoftHsm> {
  const module = places.find((path) => existsSync(path));
  if (module === undefined) throw new Error('SoftHSM is not installed: apt-get install softhsm2.');
  const folder = await mkdtemp(join(tmpdir(), 'softhsm-'));
  const [tokens, away, configuration] = [join(folder, 'tokens'), join(folder, 'away'), join(folder, 'softhsm2.conf')];
  await mkdir(tokens);
  await writeFile(configuration, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`);
  const addToken = async (name: string): Promise<void> => {
    await run('softhsm2-util', ['--init-token', '--free', '--label', name, '--pin', pin, '--so-pin', 'so-pin-of-test'], {
      env: { ...process.env, SOFTHSM2_CONF: configuration },
    });
  };
  await addToken(label);
  process.env.SOFTHSM2_CONF = configuration;
  return {
    module,
    label,
    pin,
    configuration,
    remove: async () => {
      await rename(tokens, away);
      await mkdir(tokens);
    },
    putBack: async () => {
      await rm(tokens, { recursive: true });
      await rename(away, tokens);
    },
    stall: async () => {
      const files = (await readdir(tokens, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
      const holder = spawn('perl', ['-e', holdFiles, ...files.map(({ parentPath, name }) => join(parentPath, name))]);
      await once(holder.stdout, 'data');
      return async () => {
        holder.stdin.end();
        await once(holder, 'exit');
      };
    },
    addToken,
    delete: () => rm(folder, { recursive: true, force: true }),
  };
}
