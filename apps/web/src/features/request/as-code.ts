import { shellCommand } from '@hostmaster/core/shell-command';
import { toYaml } from '@/lib/format/yaml';
import { briefly, type RequestDraft } from './form-values';

/** The request as a shell command that does exactly what the button does; the token is the caller's own. */
export function asCurl(origin: string, draft: RequestDraft): string {
  return shellCommand(
    ['curl', `${origin}/api/v1/requests`],
    ['-H', ['Authorization: Bearer ', { expands: '$HOSTMASTER_TOKEN' }]],
    ['-H', 'Content-Type: application/json'],
    ['-d', JSON.stringify(briefly(draft))],
  );
}

export const asYaml = (draft: RequestDraft): string => `${toYaml(briefly(draft))}\n`;
