/** For so many days it is remembered from which address a bundle was fetched. */
export const fetchesKeptDays = 90;
/** No more rows than this are kept, whoever fetches: beyond it, what is new is not noted. */
export const mostFetches = 10_000;
