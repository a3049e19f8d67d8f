import { parseHostname } from '@hostmaster/core/hostname/parse-hostname';

/** What was typed in the form that is stored: A-labels where it is a name already, else as it is. */
export function asStored(text: string): string {
  const parsed = parseHostname(text);
  return parsed.ok ? parsed.hostname : text;
}
