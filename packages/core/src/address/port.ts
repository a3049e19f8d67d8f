// Ports as the owner of a zone allows them: one (`443`), or from one to another (`8000-8999`).

/** Both ends belong to it. */
export type PortRange = { readonly from: number; readonly to: number };

const highest = 65_535;

/** null: the text is no port and no range of ports. */
export function parsePorts(text: string): PortRange | null {
  const [, first, last = first] = /^([1-9]\d{0,4})(?:-([1-9]\d{0,4}))?$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  return first !== undefined && from <= to && to <= highest ? { from, to } : null;
}

/** The one spelling of a range. */
export const portsText = ({ from, to }: PortRange): string => (from === to ? String(from) : `${from}-${to}`);

/** What a web server listens on: allowed where nobody said otherwise. */
export const usualPorts: readonly string[] = ['80', '443', '8080', '8443'];

/** Whether a name of a zone may be reached, and probed, on the port. */
export const portAllowed = (port: number, { servedPort, allowedPorts }: ZonePorts): boolean =>
  port === servedPort || allowedPorts.some(({ from, to }) => from <= port && port <= to);

/** Where a contract says nothing, names are reached on the first. */
export type ZonePorts = { readonly servedPort: number; readonly allowedPorts: readonly PortRange[] };

/** As the owner of a zone reads them. */
export const portsListed = (ports: ZonePorts): string =>
  [...new Set([String(ports.servedPort), ...ports.allowedPorts.map(portsText)])].join(', ');
