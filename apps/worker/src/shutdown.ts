import type { Log } from '@hostmaster/usecases/context';

const patienceMilliseconds = 10_000;

/** Runs `close` once at SIGTERM or SIGINT: running jobs finish, new ones are not begun; after ten seconds it leaves anyway. */
export function onShutdown(log: Log, close: () => Promise<void>): void {
  let closing = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (closing) return;
    closing = true;
    log.info({ signal }, 'The worker is stopping.');
    setTimeout(() => process.exit(1), patienceMilliseconds).unref();
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ error: error instanceof Error ? error.message : String(error) }, 'The worker did not stop cleanly.');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
