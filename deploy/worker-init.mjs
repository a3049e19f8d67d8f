// Makes the worker's key-encryption key in its volume, once: node worker-init.mjs FILE
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';

const [file] = process.argv.slice(2);
if (!file) throw new Error('usage: worker-init.mjs FILE');
try {
  // `wx`: a key that exists is never overwritten, because everything in the database is wrapped under it.
  writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { flag: 'wx', mode: 0o600, flush: true });
} catch (error) {
  if (error.code !== 'EEXIST') throw error;
}
