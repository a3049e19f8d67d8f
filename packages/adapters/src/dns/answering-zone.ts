import { rcodes, typeCodes } from '@hostmaster/core/dns/wire/codes';
import type { ReceivedMessage } from '@hostmaster/core/dns/wire/message';
import { isNameWithin, nameLabels } from '@hostmaster/core/dns/wire/name';
import type { ResourceRecord } from '@hostmaster/core/dns/wire/record';

const aliases: readonly number[] = [typeCodes.CNAME, typeCodes.DNAME];
const isAliased = ({ answers }: ReceivedMessage): boolean => answers.some(({ type }) => aliases.includes(type));

/**
 * The SOA of the zone that a server answers from, which is the closest of all that it has (RFC 1034 §4.3.2 step 2): it is the answer, or comes
 * with "there is none" (RFC 2308 §2). null where the answer does not say: what follows an alias is of its target.
 */
export function soaOf(reply: ReceivedMessage, name: string): ResourceRecord | null {
  if ((reply.rcode !== rcodes.NOERROR && reply.rcode !== rcodes.NXDOMAIN) || isAliased(reply)) return null;
  const records = reply.answers.length === 0 ? reply.authorities : reply.answers;
  return records.find((record) => record.type === typeCodes.SOA && isNameWithin(name, record.name)) ?? null;
}

/**
 * The same of the answer to the question for the SOA of the name. An alias is answered whatever is asked; as none stands at an apex, the zone of
 * the name above it is the same, and `ask` asks for that.
 */
export async function soaBehind(
  reply: ReceivedMessage,
  name: string,
  ask: (name: string) => Promise<ReceivedMessage>,
): Promise<ResourceRecord | null> {
  const [, above] = nameLabels(name);
  if (!isAliased(reply) || above === undefined) return soaOf(reply, name);
  return soaBehind(await ask(above.suffix), above.suffix, ask);
}
