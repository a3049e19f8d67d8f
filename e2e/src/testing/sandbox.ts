import { spawnSync } from 'node:child_process';

/**
 * Whether Chromium can have its own sandbox: that refuses to run as root, and as anybody it needs a user namespace, which a
 * plain container and a chroot do not give. The pages here are our own.
 */
export const hasSandbox = process.getuid?.() !== 0 && spawnSync('unshare', ['--user', '--map-root-user', 'true']).status === 0;
