/** Who must look at a request: an organisation role, or any member of a team (`team:<slug>`). */
export type ReviewGroup = 'security-reviewer' | 'platform-admin' | `team:${string}`;

/** Stored text as a review group; anything unknown goes to the platform owner rather than to nobody. */
export const reviewGroupOf = (text: string): ReviewGroup => {
  if (text === 'security-reviewer' || text === 'platform-admin') return text;
  return text.startsWith('team:') ? `team:${text.slice('team:'.length)}` : 'platform-admin';
};
