/** Next calls this once when the server starts: a bad environment ends it here, with every bad key named. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { env } = await import('./server/env.ts');
  const { pkiListen, publicUrl } = env();
  const { prepareIncoming } = await import('@hostmaster/http/incoming');
  const [{ container }, { pkiDoor, startPkiDoor }] = await Promise.all([import('./server/container.ts'), import('./server/pki-door.ts')]);
  prepareIncoming({ publicUrl }, pkiDoor(container()));
  if (pkiListen !== null) await startPkiDoor(pkiListen, container());
}
