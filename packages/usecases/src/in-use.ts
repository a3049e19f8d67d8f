import { HostmasterError } from '@hostmaster/core/errors';
import type { NamedUse } from '@hostmaster/db/uses';

function told({ what, total, names }: NamedUse): string {
  const more = total - names.length;
  return `${total} ${what}${total === 1 ? '' : 's'} (${names.join(', ')}${more > 0 ? ` and ${more} more` : ''})`;
}

/** Passes where nothing uses it, or throws `in-use` that names what does. @param subject begins the sentence: "Environment prod" */
export function refuseUsed(subject: string, uses: readonly NamedUse[]): void {
  if (uses.length > 0) throw new HostmasterError('in-use', `${subject} is used by ${uses.map(told).join(', ')}.`);
}
