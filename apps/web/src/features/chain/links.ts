import type { ChainLink } from '@hostmaster/core/contract/endpoint-view';

export const linkNames = { name: 'Name', dns: 'DNS', tcp: 'TCP', tls: 'TLS', http: 'HTTP' } satisfies Record<ChainLink['link'], string>;
export const stateWords = { ok: 'ok', wait: 'waiting', bad: 'broken', none: 'not asked' } satisfies Record<ChainLink['state'], string>;

/** The whole chain as one sentence: "Name ok, DNS ok, TCP ok, TLS broken: serves the old certificate, HTTP not asked". */
export function chainSentence(chain: readonly ChainLink[]): string {
  return chain
    .map(({ link, state, message }) => `${linkNames[link]} ${stateWords[state]}${state === 'bad' ? `: ${message}` : ''}`)
    .join(', ');
}
