// Who moves next, where a word is told apart and not only read.

/** Somebody of the team that owns the zone. */
export const zoneOwner = 'the owner of the zone';
/** Where certificates are handed to. */
export const tlsServer = 'whoever runs the server that ends TLS';
/** Somebody of the team that wanted it. */
export const whoeverAsked = 'whoever asked';
/** Somebody of the team whose name it is; where that is known, its short name stands in the place of it. */
export const theTeam = 'the team';
