// The embedded name server as a process of its own, so that a test can kill it: `node --import tsx nameserver-main.ts FOLDER PORT [COMPACT-BYTES]`.
// Prints one line, its port, when it serves. Ends with its standard input, so that it does not outlive the test.
import { startNameserver } from '../nameserver/nameserver.ts';
import { nameserverTestKey, testZone } from './nameserver-ground.ts';

const [folder, port, compactBytes] = process.argv.slice(2);
if (!folder || !port) throw new Error('usage: nameserver-main.ts FOLDER PORT [COMPACT-BYTES]');
const nameserver = await startNameserver({
  directory: folder,
  address: '127.0.0.1',
  port: Number(port),
  keys: [nameserverTestKey],
  zones: [testZone],
  ...(compactBytes === undefined ? {} : { compactBytes: Number(compactBytes) }),
});
process.stdin.resume().once('end', () => void nameserver.stop());
process.stdout.write(`${nameserver.port}\n`);
