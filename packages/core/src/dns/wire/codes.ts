// The IANA numbers this project speaks of (DNS parameters registry), each way.
import { invalid } from './name.ts';

export const typeCodes = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  RP: 17,
  AFSDB: 18,
  AAAA: 28,
  LOC: 29,
  SRV: 33,
  NAPTR: 35,
  KX: 36,
  CERT: 37,
  DNAME: 39,
  OPT: 41,
  DS: 43,
  SSHFP: 44,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  SMIMEA: 53,
  CDS: 59,
  CDNSKEY: 60,
  OPENPGPKEY: 61,
  CSYNC: 62,
  ZONEMD: 63,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  TSIG: 250,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
  URI: 256,
  CAA: 257,
} as const;
export type TypeName = keyof typeof typeCodes;

/** What servers keep beside the data by themselves: DNSSEC (RFC 4034, 5155, 7344), the state of signing (BIND), digests (RFC 8976). */
const keptByServers: readonly number[] = [
  typeCodes.RRSIG,
  typeCodes.NSEC,
  typeCodes.NSEC3,
  typeCodes.NSEC3PARAM,
  typeCodes.DNSKEY,
  typeCodes.CDS,
  typeCodes.CDNSKEY,
  typeCodes.ZONEMD,
  65534,
];
/** What is asked or carried, and never held (RFC 6895 §3.1). */
const neverHeld: readonly number[] = [typeCodes.OPT, typeCodes.TSIG, typeCodes.IXFR, typeCodes.AXFR, typeCodes.ANY];

/** Whether records of the type are put into a zone by people and programs, and not by its server. */
export const isData = (type: number): boolean => !keptByServers.includes(type) && !neverHeld.includes(type);

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/**
 * Every type of data that may be met, with a name here or not: those below 128, those assigned above 255 and room for the next, TA and DLV,
 * and those of private use (RFC 6895 §3.1, IANA's registry of 2026). What lies between is nobody's to use.
 */
export const dataTypes: readonly number[] = [...range(1, 127), ...range(256, 319), 32_768, 32_769, ...range(65_280, 65_534)].filter(isData);

/** Those that have a name here, which a name can be asked for one by one. */
export const namedDataTypes = (Object.keys(typeCodes) as TypeName[]).filter((name) => isData(typeCodes[name]));

export const classCodes = { IN: 1, CH: 3, NONE: 254, ANY: 255 } as const;
export const opcodes = { QUERY: 0, NOTIFY: 4, UPDATE: 5 } as const;

/** RCODEs of RFC 1035, 2136, 6891 and, from 16 on in a TSIG record, of RFC 8945. */
export const rcodes = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  YXRRSET: 7,
  NXRRSET: 8,
  NOTAUTH: 9,
  NOTZONE: 10,
  BADVERS: 16,
} as const;
export const tsigErrors = { NOERROR: 0, BADSIG: 16, BADKEY: 17, BADTIME: 18, BADTRUNC: 22 } as const;

const namesOf = (table: Readonly<Record<string, number>>) => new Map(Object.entries(table).map(([name, code]) => [code, name]));
const typeNames = namesOf(typeCodes);
const rcodeNames = namesOf(rcodes);

/** The mnemonic, or TYPE<n> for a type without one here (RFC 3597 §5). */
export const typeName = (code: number): string => typeNames.get(code) ?? `TYPE${code}`;

/** The mnemonic, or RCODE<n>. */
export const rcodeName = (code: number): string => rcodeNames.get(code) ?? `RCODE${code}`;

/** The number of a mnemonic or of TYPE<n>. Errors: invalid-input. */
export function typeCode(name: string): number {
  const upper = name.toUpperCase();
  if (Object.hasOwn(typeCodes, upper)) return typeCodes[upper as TypeName];
  const code = /^TYPE([0-9]{1,5})$/.exec(upper)?.[1];
  if (code === undefined || Number(code) > 0xffff) throw invalid(`"${name}" is not a record type that is known here.`);
  return Number(code);
}
