// A log as files (c2sp.org/static-ct-api): its checkpoint, and its entries in tiles of 256.

import type { TransparencyLog } from '@hostmaster/core/transparency/log';
import { dataTilePath, readDataTile, tileWidth } from '@hostmaster/core/transparency/log-entry';
import type { LogKey } from '@hostmaster/core/transparency/log-key';
import { readCheckpoint } from '@hostmaster/core/transparency/tree-head';
import { type LogServer, logFault } from './log-server.ts';

const checkpointBytes = 64 * 1024;
const tileBytes = 16 * 1024 * 1024;

export function staticLog({ get }: LogServer, key: LogKey): TransparencyLog {
  return {
    async head(signal) {
      const body = await get('checkpoint', checkpointBytes, signal);
      if (body === null) throw logFault('It answers 404: there is no log at this address.');
      return readCheckpoint(Buffer.from(body).toString('utf8'), key);
    },
    async entries(from, size, signal) {
      const index = Math.floor(from / tileWidth);
      const width = Math.min(size - index * tileWidth, tileWidth);
      const tile = await get(dataTilePath(index, width), tileBytes, signal);
      // Where a tile has become whole meanwhile, the part of it need not be there any more.
      const whole = tile === null && width < tileWidth ? await get(dataTilePath(index, tileWidth), tileBytes, signal) : null;
      const [body, held] = tile === null ? [whole, tileWidth] : [tile, width];
      if (body === null) throw logFault(`It hands out no entries from ${from} on, though it has signed for ${size}.`);
      return readDataTile(body, held).slice(from % tileWidth, width);
    },
  };
}
