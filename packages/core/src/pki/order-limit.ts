// What a CA takes within some time, as it says so itself: most public ones limit how many certificates are ordered from them. Whoever
// orders more is refused, and some of them count refusals, too.

export type OrderLimit = {
  readonly most: number;
  readonly hours: number;
  /** How long that is, as people say it. */
  readonly words: string;
  /** What is counted together: all that is ordered from the issuer, what has a name of one registered domain, or what is for the same names. */
  readonly of: 'issuer' | 'domain' | 'names';
};
