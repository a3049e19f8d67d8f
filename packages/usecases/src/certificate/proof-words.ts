// Why a proof of control is not put into DNS, or not seen there.
import type { ProofWait } from '@hostmaster/core/acme/proofs';
import { HostmasterError } from '@hostmaster/core/errors';
import { zoneOwner } from '@hostmaster/core/operation/moves-next';
import type { ZoneCut } from '@hostmaster/core/probe/prober';

/** Another zone begins at the name of the proof or above it: what is written here is not answered, however long one waits. */
export function shadowed(name: string, apex: string, server: string, { name: at, type, leadsTo }: ZoneCut): ProofWait {
  const how = {
    NS: `is delegated to ${leadsTo.join(', ')}`,
    DNAME: `is a DNAME that leads below ${leadsTo.join(', ')}`,
    SOA: `is a zone of its own on ${server}`,
  }[type];
  const mend = type === 'DNAME' ? 'Take the DNAME away' : `Connect the zone ${at}, or take it away`;
  return { message: `The CA cannot see the proof at ${name} in ${apex}, since ${at} ${how}. ${mend}.`, movesNext: zoneOwner };
}

/** A key may have been given the types alone that requests write. */
export const mayNotWrite = (name: string, type: 'TXT' | 'CNAME', error: HostmasterError): HostmasterError =>
  new HostmasterError('dns-refused', `${error.message} To prove control for a CA, its key must be allowed to write ${type} at ${name}.`, {
    cause: error,
    movesNext: error.movesNext ?? zoneOwner,
  });
