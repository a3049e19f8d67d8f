// What of the list of endpoints lives in the address; read by the server for the first rows and by the browser afterwards.
import { createLoader, type inferParserType, parseAsBoolean, parseAsString, parseAsStringLiteral } from 'nuqs/server';

export const states = ['live', 'degraded', 'pending', 'retiring', 'retired'] as const;
export const views = ['public', 'internal', 'partner'] as const;

export const endpointSearch = {
  q: parseAsString.withDefault(''),
  mine: parseAsBoolean.withDefault(false),
  environment: parseAsString.withDefault(''),
  team: parseAsString.withDefault(''),
  zone: parseAsString.withDefault(''),
  view: parseAsStringLiteral(views),
  state: parseAsStringLiteral(states),
  sort: parseAsStringLiteral(['hostname', 'changed', 'expiry']).withDefault('hostname'),
  cursor: parseAsString.withDefault(''),
};
export type EndpointSearch = inferParserType<typeof endpointSearch>;
export const loadEndpointSearch = createLoader(endpointSearch);

export function endpointsInput(search: EndpointSearch) {
  const q = search.q.trim();
  return {
    ...(q === '' ? {} : { search: q }),
    ...(search.mine ? { mine: true } : {}),
    ...(search.environment === '' ? {} : { environment: search.environment }),
    ...(search.team === '' ? {} : { team: search.team }),
    ...(search.zone === '' ? {} : { zone: search.zone }),
    ...(search.view ? { view: search.view } : {}),
    ...(search.state ? { state: search.state } : {}),
    ...(search.cursor === '' ? {} : { cursor: search.cursor }),
    sort: search.sort,
  };
}
