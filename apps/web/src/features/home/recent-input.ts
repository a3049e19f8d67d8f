// What the first page asks for, on the server for its first bytes and in the browser afterwards.
const limit = 6;

export const recentEndpoints = (mine: boolean) => ({ ...(mine ? { mine } : {}), sort: 'changed' as const, limit });
export const recentRequests = (mine: boolean) => ({ ...(mine ? { mine } : {}), limit });
