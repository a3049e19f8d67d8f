import { probedName } from '@hostmaster/core/probe/probed-name';

/** The address that a probe asks, as it is promised beside a form and in a decision, and as anybody can ask it. */
export function probeUrl({ hostname, port, path }: { hostname: string; port: number; path: string }): string {
  return `https://${probedName(hostname)}${port === 443 ? '' : `:${port}`}${path}`;
}
