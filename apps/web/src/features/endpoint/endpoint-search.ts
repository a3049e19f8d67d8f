// What of the list of endpoints lives in the address; read by the server for the first rows and by the browser afterwards.
import { view } from '@hostmaster/core/contract/endpoint';
import { endpointSort, endpointState } from '@hostmaster/core/contract/endpoint-view';
import { sortOrder } from '@hostmaster/core/contract/page';
import { createLoader, type inferParserType, parseAsBoolean, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { z } from 'zod';

export const endpointSearch = {
  q: parseAsString.withDefault(''),
  mine: parseAsBoolean.withDefault(false),
  environment: parseAsString.withDefault(''),
  team: parseAsString.withDefault(''),
  zone: parseAsString.withDefault(''),
  view: parseAsStringLiteral(view.options),
  state: parseAsStringLiteral(endpointState.options),
  attention: parseAsBoolean.withDefault(false),
  /** An endpoint, with those that the same cause holds up. */
  like: parseAsString.withDefault(''),
  sort: parseAsStringLiteral(endpointSort.options).withDefault('hostname'),
  order: parseAsStringLiteral(sortOrder.options),
};
export type EndpointSearch = inferParserType<typeof endpointSearch>;
export const loadEndpointSearch = createLoader({ ...endpointSearch, cursor: parseAsString.withDefault('') });

export function endpointsInput(search: EndpointSearch & { cursor: string }) {
  return {
    ...endpointFilters(search),
    sort: search.sort,
    ...(search.order ? { order: search.order } : {}),
    ...(search.cursor === '' ? {} : { cursor: search.cursor }),
  };
}

/** What narrows the list. */
export function endpointFilters(search: EndpointSearch) {
  const q = search.q.trim();
  return {
    ...(q === '' ? {} : { search: q }),
    ...(search.mine ? { mine: true } : {}),
    ...(search.environment === '' ? {} : { environment: search.environment }),
    ...(search.team === '' ? {} : { team: search.team }),
    ...(search.zone === '' ? {} : { zone: search.zone }),
    ...(search.view ? { view: search.view } : {}),
    ...(search.state ? { state: search.state } : {}),
    ...(search.attention ? { attention: true } : {}),
    ...(z.uuid().safeParse(search.like).success ? { like: search.like } : {}),
  };
}
