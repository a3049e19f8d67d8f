/** Next calls this once when the server starts: a bad environment ends it here, with every bad key named. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { env } = await import('./server/env.ts');
  const { prepareIncoming } = await import('@hostmaster/http/incoming');
  prepareIncoming(env());
  const { pkiListen } = env();
  if (pkiListen === null) return;
  const [{ container }, { startPkiDoor }] = await Promise.all([import('./server/container.ts'), import('./server/pki-door.ts')]);
  await startPkiDoor(pkiListen, container());
}
