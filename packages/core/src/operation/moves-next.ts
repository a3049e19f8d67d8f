// Who moves next: every word for it, so that whoever waits reads one word for one mover. An issuer may name others in words of its own.

/** Hostmaster itself, without anybody's doing. */
export const hostmaster = 'hostmaster';
/** What is over. */
export const nobody = 'nobody';
/** Whoever installed it. */
export const operator = 'whoever runs Hostmaster';
export const platformAdmin = 'a platform admin';
/** Somebody of the team that owns the zone. */
export const zoneOwner = 'the owner of the zone';
/** Whoever wrote past Hostmaster. */
export const zoneChanger = 'whoever changed the zone';
/** They follow their primary by themselves, while work waits for that. */
export const nameServers = 'the name servers';
/** Where a name server is seen to be wrong, and nothing is waited for. */
export const nameServerOperator = 'whoever runs the name server';
/** It has the order, and signs by itself. */
export const theIssuer = 'the issuer';
/** @param issuer its name, where that is known */
export const issuerOperator = (issuer = 'the issuer'): string => `whoever runs ${issuer}`;
/** Where certificates are handed to. */
export const tlsServer = 'whoever runs the server that ends TLS';
/** Where they are handed to a cluster. @param destination its short name */
export const clusterOperator = (destination: string): string => `whoever runs ${destination}`;
/** What stands behind the name: its team's, or whoever they have run it. */
export const serviceOperator = 'whoever runs the service';
/** Somebody of the team that wanted it. */
export const whoeverAsked = 'whoever asked';
/** Somebody of the team whose name it is; where that is known, its short name stands in the place of it. */
export const theTeam = 'the team';

/**
 * Whose team the mover is of, as far as it can be known; whatever stands in neither list is a platform admin's. The server that ends TLS
 * may be the team's or the platform's, so that both are told.
 */
export const moversOfTeam: readonly string[] = [theTeam, whoeverAsked, serviceOperator, tlsServer];
export const moversOfZone: readonly string[] = [zoneOwner, zoneChanger, nameServers, nameServerOperator];
