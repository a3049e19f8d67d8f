import { operation } from '@hostmaster/core/contract/operation';
import {
  dnsProviderList,
  zoneChangeOf,
  zoneDetail,
  zoneInputOf,
  zoneKept,
  zonePage,
  zoneQuery,
  zoneRecordSetPage,
  zoneRecordSetsQuery,
  zoneRow,
  zonesQuery,
  zoneTrialOf,
} from '@hostmaster/core/contract/zone';
import { mostSearchedThrough } from '@hostmaster/core/contract/zone-search';
import { createZone } from '@hostmaster/usecases/zone/create';
import { getZone } from '@hostmaster/usecases/zone/get';
import { giveUpZone } from '@hostmaster/usecases/zone/give-up';
import { listZones } from '@hostmaster/usecases/zone/list';
import { listDnsProviders } from '@hostmaster/usecases/zone/providers';
import { listRecordSets } from '@hostmaster/usecases/zone/record-sets';
import { removeZone } from '@hostmaster/usecases/zone/remove';
import { rereadZone } from '@hostmaster/usecases/zone/reread';
import { testZone } from '@hostmaster/usecases/zone/test-connection';
import { tryConnection } from '@hostmaster/usecases/zone/try-connection';
import { updateZone } from '@hostmaster/usecases/zone/update';
import { dnsProviderKinds } from '../container.ts';
import { procedure, router } from './init.ts';

const kinds = [...dnsProviderKinds.values()];

export const zones = router({
  list: procedure
    .meta({ action: 'zone.read', rest: { method: 'GET', path: '/zones', status: 200, summary: 'Managed zones with their servers' } })
    .input(zonesQuery)
    .output(zonePage)
    .query(({ ctx, input }) => listZones(ctx.usecase, input)),
  get: procedure
    .meta({
      action: 'zone.read',
      rest: { method: 'GET', path: '/zones/{id}', status: 200, summary: 'One zone with its grants' },
    })
    .input(zoneQuery)
    .output(zoneDetail)
    .query(({ ctx, input }) => getZone(ctx.usecase, input)),
  recordSets: procedure
    .meta({
      action: 'zone.read',
      rest: {
        method: 'GET',
        path: '/zones/{id}/record-sets',
        status: 200,
        summary: 'Record sets of a zone as last read, by name and type, each with the endpoint that holds it',
        description: `\`search\` is a part of a name or of a value, or a type; in a zone of more than ${mostSearchedThrough.toLocaleString('en-US')} record sets the beginning of a name.`,
      },
    })
    .input(zoneRecordSetsQuery)
    .output(zoneRecordSetPage)
    .query(({ ctx, input }) => listRecordSets(ctx.usecase, input)),
  providers: procedure
    .meta({
      action: 'zone.read',
      rest: {
        method: 'GET',
        path: '/dns-providers',
        status: 200,
        summary: 'Kinds of DNS providers, each with the JSON Schema of its settings',
      },
    })
    .output(dnsProviderList)
    .query(({ ctx }) => listDnsProviders(ctx.usecase)),
  create: procedure
    .meta({
      action: 'zone.create',
      refusals: ['already-exists'],
      rest: {
        method: 'POST',
        path: '/zones',
        status: 201,
        summary: 'Connect a zone; the secret is sealed and never answered',
        description: 'Its connection was tested first by POST /zones:test (`trial`), or is said to be `untested`.',
        example: {
          apex: 'corp.example.test',
          ownerTeam: 'platform-edge',
          connection: {
            kind: 'rfc2136',
            settings: { primary: { address: '192.0.2.53' }, tsig: { name: 'hostmaster-key' } },
            secret: 'bm90LWEtc2VjcmV0LWtleQ==',
          },
          trial: '01890a5d-ac96-774b-bcce-b302099a8057',
        },
        location: ({ id }) => `/api/v1/zones/${id}`,
      },
    })
    .input(zoneInputOf(kinds))
    .output(zoneKept)
    .mutation(({ ctx, input }) => createZone(ctx.usecase, input)),
  try: procedure
    .meta({
      action: 'zone.test',
      rest: {
        method: 'POST',
        path: '/zones:test',
        status: 202,
        summary: 'Try a connection before a zone is connected or changed to it; answers the operation to poll',
        description:
          'Nothing is connected. The secret is sealed to the worker, which throws it away with the end of the test. Whoever keeps the connection then names the operation as `trial`.',
        example: {
          apex: 'corp.example.test',
          connection: {
            kind: 'rfc2136',
            settings: { primary: { address: '192.0.2.53' }, tsig: { name: 'hostmaster-key' } },
            secret: 'bm90LWEtc2VjcmV0LWtleQ==',
          },
        },
        location: ({ id }) => `/api/v1/operations/${id}`,
      },
    })
    .input(zoneTrialOf(kinds))
    .output(operation)
    .mutation(({ ctx, input }) => tryConnection(ctx.usecase, input)),
  update: procedure
    .meta({
      action: 'zone.update',
      rest: {
        method: 'PUT',
        path: '/zones/{id}',
        status: 200,
        summary: 'Change a zone; what is left out gets its default again',
        description:
          'Its apex and view stay. Where it is kept stays too where connection is left out; with it the secret is given again, `trial` or `untested` is said as where a zone is connected, and the zone is read at once.',
        example: { version: 1, ownerTeam: 'platform-edge', ttlMin: 60, ttlMax: 3600 },
      },
    })
    .input(zoneChangeOf(kinds))
    .output(zoneKept)
    .mutation(({ ctx, input }) => updateZone(ctx.usecase, input)),
  remove: procedure
    .meta({
      action: 'zone.remove',
      refusals: ['in-use'],
      rest: {
        method: 'DELETE',
        path: '/zones/{id}',
        status: 204,
        summary: 'Remove a zone in which no name stands; on its servers nothing changes',
      },
    })
    .input(zoneQuery)
    .output(zoneQuery)
    .mutation(async ({ ctx, input }) => {
      await removeZone(ctx.usecase, input);
      return input;
    }),
  giveUp: procedure
    .meta({
      action: 'zone.remove',
      rest: {
        method: 'POST',
        path: '/zones/{id}/give-up',
        status: 200,
        summary: 'Give up a zone that is gone from its servers for good, so that its names can be retired without them',
        description: 'Nothing is read or written there any more, and nothing is asked for in it. A new connection takes it back.',
      },
    })
    .input(zoneQuery)
    .output(zoneRow)
    .mutation(({ ctx, input }) => giveUpZone(ctx.usecase, input)),
  reread: procedure
    .meta({
      action: 'zone.reread',
      rest: {
        method: 'POST',
        path: '/zones/{id}/read',
        status: 202,
        summary: 'Read a zone now; answers the operation to poll',
        location: ({ id }) => `/api/v1/operations/${id}`,
      },
    })
    .input(zoneQuery)
    .output(operation)
    .mutation(({ ctx, input }) => rereadZone(ctx.usecase, input)),
  test: procedure
    .meta({
      action: 'zone.test',
      rest: {
        method: 'POST',
        path: '/zones/{id}/test',
        status: 202,
        summary: 'Try the connection to the name server; answers the operation to poll',
        location: ({ id }) => `/api/v1/operations/${id}`,
      },
    })
    .input(zoneQuery)
    .output(operation)
    .mutation(({ ctx, input }) => testZone(ctx.usecase, input)),
});
