/** The name that a probe asks for: under a wildcard a concrete one, as a user would. */
export const probedName = (hostname: string): string => (hostname.startsWith('*.') ? `hostmaster-probe${hostname.slice(1)}` : hostname);
