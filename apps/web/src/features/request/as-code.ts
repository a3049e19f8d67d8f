import { toYaml } from '@/lib/format/yaml';
import { briefly, type RequestDraft } from './form-values';

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The request as a shell command that does exactly what the button does; the token is the caller's own. */
export function asCurl(origin: string, draft: RequestDraft): string {
  return [
    `curl ${quoted(`${origin}/api/v1/requests`)}`,
    `  -H "Authorization: Bearer $HOSTMASTER_TOKEN"`,
    `  -H 'Content-Type: application/json'`,
    `  -d ${quoted(JSON.stringify(briefly(draft)))}`,
  ].join(' \\\n');
}

export const asYaml = (draft: RequestDraft): string => `${toYaml(briefly(draft))}\n`;
