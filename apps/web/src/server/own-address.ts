/** The address that a page is asked for by, path and query, as the proxy says it; never what a browser sent. */
export const addressHeader = 'x-own-address';
