/** Who a name is answered to (split horizon): each view is a zone of its own, with its own servers. */
export const views = ['public', 'internal', 'partner'] as const;
export type View = (typeof views)[number];
