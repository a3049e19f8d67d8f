/** Where the REST API begins. */
export const restBase = '/api/v1';
