// Why a condition is as it is and what a finding is about, as codes. They are stable: alerts, webhooks and clients are keyed
// by them. What an observation can find wrong comes with its remedy; a step that failed brings the remedy of its error.
import { type ErrorCode, errorTable } from '../error-table.ts';
import {
  hostmaster,
  issuerOperator,
  nameServerOperator,
  operator,
  platformAdmin,
  serviceOperator,
  theTeam,
  tlsServer,
  zoneChanger,
  zoneOwner,
} from '../operation/moves-next.ts';
import { type CertificateFault, certificateFaults, type DnsFault, dnsFaults, type ReachFault, reachFaults } from './judge.ts';

type PascalCase<S extends string> = S extends `${infer Head}-${infer Tail}` ? `${Capitalize<Head>}${PascalCase<Tail>}` : Capitalize<S>;
/** An error of a step: `dns-refused` as `DnsRefused`. */
export type ErrorReason = PascalCase<ErrorCode>;

const pascalCase = (code: string): string => code.replace(/(?:^|-)([a-z0-9])/g, (_, first: string) => first.toUpperCase());
const errorReasons = Object.keys(errorTable).map((code) => pascalCase(code) as ErrorReason);
/** A stored code that is in the table no more counts as an internal error. */
export const reasonOfError = (code: string): ErrorReason => errorReasons.find((reason) => reason === pascalCase(code)) ?? 'Internal';

/** What is wrong with what was observed. */
export type Fault =
  | DnsFault
  | CertificateFault
  | ReachFault
  | 'Expired'
  | 'Revoked'
  | 'RenewalOverdue'
  | 'IssuerEnds'
  | 'NotRevoked'
  | 'NotTaken';

/** What is right, not needed, or not known yet. */
const quietReasons = [
  'Approved',
  'TakenBack',
  'Applied',
  'Observed',
  'AllServersAgree',
  'Issued',
  'Served',
  'Answered',
  'NotNeeded',
  'Retired',
  'NotObserved',
  'InProgress',
  'Pending',
] as const;

/** One code may say the same of a step and of an observation (`AddressForbidden`); it is in a list once. */
const once = <Code extends string>(...codes: readonly Code[]): readonly Code[] => [...new Set(codes)];
export const conditionReasons = once(
  ...quietReasons,
  ...dnsFaults,
  'Expired',
  'Revoked',
  ...certificateFaults,
  ...reachFaults,
  ...errorReasons,
);
export type ConditionReason = (typeof conditionReasons)[number];
export const findingCodes = once(
  ...dnsFaults,
  'Expired',
  'Revoked',
  'RenewalOverdue',
  'IssuerEnds',
  'NotRevoked',
  'NotTaken',
  ...certificateFaults,
  ...reachFaults,
  ...errorReasons,
);
export type FindingCode = (typeof findingCodes)[number];

/** What mends a fault, and who has to. */
export const faults: { readonly [F in Fault]: { readonly remedy: string; readonly movesNext: string } } = {
  ServerUnreachable: { remedy: 'Look at that name server: its address, its port, and the path to it.', movesNext: nameServerOperator },
  NameDelegated: {
    remedy:
      'Have the delegation taken back, and the zone of its own where these servers have it, or have a platform admin connect the zone that the name is delegated to. Otherwise cancel the request, or retire the name and ask for it there.',
    movesNext: zoneOwner,
  },
  NameRedirected: {
    remedy: 'Have the DNAME removed from the zone. Otherwise cancel the request, or retire the name and ask for another one.',
    movesNext: zoneOwner,
  },
  ServerRefused: { remedy: 'Look at the log of that name server; it may not serve the zone any more.', movesNext: nameServerOperator },
  ServerNotAuthoritative: {
    remedy: 'Serve the zone on that server, or have it taken out of the list of the zone by a platform admin.',
    movesNext: nameServerOperator,
  },
  ServerAhead: {
    remedy:
      'Raise the serial of the zone at the primary above the one of that server, or have that server transfer the zone anew (BIND: rndc retransfer; Knot: knotc zone-retransfer; NSD: nsd-control force_transfer).',
    movesNext: zoneOwner,
  },
  PrimaryDiffers: {
    remedy:
      'Somebody changed the records in the zone by hand. Send the contract again as a change to have them put back, or ask for what stands there now.',
    movesNext: theTeam,
  },
  ServerDisagrees: {
    remedy:
      'Wait for the transfer to that server, or look why it does not follow the primary. What somebody changed by hand is theirs to take back, or to ask for as a change.',
    movesNext: nameServerOperator,
  },
  TtlDiffers: {
    remedy: 'Somebody changed the TTL in the zone: take it back there, or ask for the new one as a change.',
    movesNext: zoneChanger,
  },
  Expired: { remedy: 'Look why the renewal did not happen; “Check now” tries at once.', movesNext: hostmaster },
  Revoked: { remedy: 'Ask for the change again, so that a new certificate is issued.', movesNext: theTeam },
  RenewalOverdue: { remedy: 'Look at the issuer; “Check now” tries the renewal at once.', movesNext: hostmaster },
  IssuerEnds: {
    remedy:
      'Nothing is broken yet. The page of the zone says what keeps the root from signing the next CA; whoever runs Hostmaster mends that.',
    movesNext: operator,
  },
  NotRevoked: {
    remedy: 'Have it revoked at its issuer by hand. Hostmaster does not ask again; until it expires, whoever has its key can use it.',
    movesNext: issuerOperator(),
  },
  NotTaken: {
    remedy: 'Take the private key of the newest certificate on its page, and install both.',
    movesNext: theTeam,
  },
  NotReached: { remedy: 'Look at the layer before it: no certificate was seen.', movesNext: tlsServer },
  OtherCertificateServed: {
    remedy: 'Install the newest certificate where TLS ends, and reload the server there.',
    movesNext: tlsServer,
  },
  ChainNotTrusted: {
    remedy: 'Serve the full chain, with the intermediate, and check the name on the certificate.',
    movesNext: tlsServer,
  },
  NoAddress: {
    remedy: 'Give the name that it leads to an address, or ask for a change of where it leads.',
    movesNext: theTeam,
  },
  AddressForbidden: {
    remedy: 'A platform admin may allow the range in the settings of the zone.',
    movesNext: platformAdmin,
  },
  TcpFailed: {
    remedy: 'Check that something listens on that address and port, and that the firewall lets users in.',
    movesNext: serviceOperator,
  },
  TlsFailed: { remedy: 'Check that TLS is set up on that port and offers TLS 1.2 or newer.', movesNext: tlsServer },
  HttpFailed: { remedy: 'Look at the service behind the name, and at the health path of the contract.', movesNext: serviceOperator },
};

/** Who mends a fault of a team's name: what stands behind the name is theirs to mend as well. */
export function moverOf(fault: Fault, team: string): string {
  const { movesNext } = faults[fault];
  return movesNext === theTeam || movesNext === serviceOperator ? team : movesNext;
}

export const isFault = (code: string): code is Fault => Object.hasOwn(faults, code);
