// A log as RFC 6962 §4 has it: get-sth, and get-entries of as many as it likes to hand out at once.

import type { TransparencyLog } from '@hostmaster/core/transparency/log';
import { readLogEntry } from '@hostmaster/core/transparency/log-entry';
import type { LogKey } from '@hostmaster/core/transparency/log-key';
import { readSignedTreeHead } from '@hostmaster/core/transparency/tree-head';
import { z } from 'zod';
import { jsonOf } from '../net/answer.ts';
import { type LogServer, logFault } from './log-server.ts';

const headBytes = 64 * 1024;
const entriesBytes = 16 * 1024 * 1024;
const atOnce = 256;

const octets = z.base64().transform((text) => Uint8Array.from(Buffer.from(text, 'base64')));
const answered = z.object({ entries: z.array(z.unknown()) });
const entry = z.object({ leaf_input: octets, extra_data: octets });

export function rfc6962Log({ get }: LogServer, key: LogKey): TransparencyLog {
  async function json(path: string, mostBytes: number, signal: AbortSignal): Promise<unknown> {
    const body = await get(`ct/v1/${path}`, mostBytes, signal);
    if (body === null) throw logFault('It answers 404: there is no log at this address.');
    const read = jsonOf(body);
    if (read === undefined) throw logFault('What it answers is no JSON.');
    return read;
  }

  return {
    head: async (signal) => readSignedTreeHead(await json('get-sth', headBytes, signal), key),
    async entries(from, size, signal) {
      const end = Math.min(from + atOnce, size);
      const { success, data } = answered.safeParse(await json(`get-entries?start=${from}&end=${end - 1}`, entriesBytes, signal));
      if (!success) throw logFault('What it answers are no entries.');
      if (data.entries.length === 0) throw logFault(`It hands out no entries from ${from} on, though it has signed for ${size}.`);
      if (data.entries.length > end - from) throw logFault('It hands out more entries than were asked for.');
      return data.entries.map((each) => {
        const parsed = entry.safeParse(each);
        return parsed.success ? readLogEntry(parsed.data.leaf_input, parsed.data.extra_data) : null;
      });
    },
  };
}
