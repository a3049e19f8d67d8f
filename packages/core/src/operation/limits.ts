// How much one team may have open, and how often it may have somebody else's servers asked: the numbers of all of it.

/** Requests of a team that are in review or on their way. */
export const openRequestsPerTeam = 1000;

/** Each "Check now" connects to wherever the name leads: enough for whoever mends it, too few to look for what else is there. */
export const checksPerEndpoint = { limit: 10, windowSeconds: 60 } as const;
export const checksPerTeam = { limit: 60, windowSeconds: 60 } as const;

/** "Test connection" and "Read now" ask the servers of a zone, and hold a slot for as long as these take. */
export const asksPerZone = { limit: 10, windowSeconds: 60 } as const;
export const asksPerOwner = { limit: 60, windowSeconds: 60 } as const;

/** "Test connection" of an issuer asks somebody else's CA, and writes a proof in each of its zones. */
export const asksPerIssuer = { limit: 10, windowSeconds: 60 } as const;

/** "Test connection" of a destination asks somebody else's server. */
export const asksPerDestination = { limit: 10, windowSeconds: 60 } as const;

/** A trial connects to whatever server was typed, and takes a worker's time. */
export const trialsPerPerson = { limit: 20, windowSeconds: 60 } as const;

/** Scopes that certificates are looked for in, and logs that are read, of one installation: workers take them in turn. */
export const mostScopes = 200;
export const mostLogs = 50;
