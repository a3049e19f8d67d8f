// What is fetched or built for tests alone and is slow to get: kept outside the repository, shared by all clones.
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** A folder below the user's cache (XDG Base Directory Specification: a relative XDG_CACHE_HOME counts as unset). */
export function cacheFolder(...names) {
  const set = process.env.XDG_CACHE_HOME ?? '';
  return join(isAbsolute(set) ? set : join(homedir(), '.cache'), 'hostmaster', ...names);
}
