import { cpus, loadavg, platform, release, totalmem } from 'node:os';

/** What the figures were measured on, and how busy it was before. */
export function machineLines(): string[] {
  const processors = cpus();
  const load = loadavg().map((value) => value.toFixed(2));
  return [
    `- CPU: ${processors[0]?.model.trim() ?? 'unknown'}, ${processors.length} cores`,
    `- Memory: ${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    `- System: ${platform()} ${release()}, Node ${process.versions.node}, OpenSSL of Node ${process.versions.openssl}`,
    `- Load average before: ${load.join(', ')} (1, 5, 15 minutes)`,
  ];
}
