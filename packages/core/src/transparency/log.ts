// A log of Certificate Transparency, as it is read.
import type { LogEntry } from './log-entry.ts';
import type { TreeHead } from './tree-head.ts';

export const logKinds = ['rfc6962', 'static-ct-api'] as const;
export type LogKind = (typeof logKinds)[number];

export type ConnectedLog = { readonly address: string; readonly kind: LogKind; readonly publicKey: Uint8Array };

/** Every error is one of ours with a message for the row of the log, and with `retryAfter` where the log says when. */
export type TransparencyLog = {
  /** The head of its tree, verified. */
  head(signal: AbortSignal): Promise<TreeHead>;
  /** Entries from an index on, one at least and none at or beyond the size; null for one that cannot be read. */
  entries(from: number, size: number, signal: AbortSignal): Promise<readonly (LogEntry | null)[]>;
};

/** What is wrong with a head beside the one before; null where the tree has grown, or stands still (RFC 6962 §3). */
export function headFault(before: TreeHead, now: TreeHead): { readonly fault: string; readonly forked: boolean } | null {
  if (now.size < before.size)
    return { fault: `Its tree has shrunk: it had ${before.size} entries, and signs for ${now.size}.`, forked: false };
  if (now.size === before.size && Buffer.compare(now.root, before.root) !== 0)
    return { fault: `It has signed two trees of ${now.size} entries with different roots. It is read no more.`, forked: true };
  return null;
}
