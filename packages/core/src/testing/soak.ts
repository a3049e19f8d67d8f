// How often a proof is repeated: `npm test` has minutes, `npm run soak` has hours, and the assertions are the same. A suite
// that imports this is one that `npm run soak` runs.

/**
 * @param usual in `npm test`
 * @param long in `npm run soak`
 */
export const rounds = (usual: number, long: number): number => (process.env.HOSTMASTER_SOAK === '1' ? long : usual);
