import { typeCode } from '@hostmaster/core/dns/wire/codes';
import { canonicalValue } from '@hostmaster/core/dns/wire/rdata';
import { storedSet, Zone } from '../zone.ts';

/** A zone from lines of absolute name, type and data, for tests. */
export function zoneFromText(apex: string, text: string, ttl = 300): Zone {
  const values = new Map<string, { name: string; type: number; values: string[] }>();
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const [name = '', mnemonic = '', ...data] = line.trim().split(/\s+/);
    const type = typeCode(mnemonic);
    const set = values.get(`${name} ${type}`) ?? { name, type, values: [] };
    set.values.push(canonicalValue(type, data.join(' ')));
    values.set(`${name} ${type}`, set);
  }
  return new Zone(
    apex,
    [...values.values()].map((set) => storedSet(set.name, set.type, ttl, set.values)),
  );
}
