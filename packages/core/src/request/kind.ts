/** What can be asked for a name: that it be had, be otherwise, change hands, be given up. */
export const requestKinds = ['create', 'change', 'transfer', 'retire'] as const;
export type RequestKind = (typeof requestKinds)[number];
