// Who moves next, where a word is told apart and not only read.

/** Somebody of the team that owns the zone. */
export const zoneOwner = 'the owner of the zone';
/** Somebody of the team that wanted it. */
export const whoeverAsked = 'whoever asked';
