/** What can be asked for a name: that it be had, be otherwise, change hands, be given up. */
export const requestKinds = ['create', 'change', 'transfer', 'retire'] as const;
export type RequestKind = (typeof requestKinds)[number];

/** What people read of it, wherever it is said. */
export const requestKindWords: Readonly<Record<RequestKind, string>> = {
  create: 'New name',
  change: 'Change',
  transfer: 'Transfer',
  retire: 'Retirement',
};
