import { operation } from '@hostmaster/core/contract/operation';
import { dnsProviderList, zoneDetail, zoneInputOf, zoneList, zoneQuery, zoneRow } from '@hostmaster/core/contract/zone';
import { createZone } from '@hostmaster/usecases/zone/create';
import { getZone } from '@hostmaster/usecases/zone/get';
import { listZones } from '@hostmaster/usecases/zone/list';
import { listDnsProviders } from '@hostmaster/usecases/zone/providers';
import { testZone } from '@hostmaster/usecases/zone/test-connection';
import { dnsProviderKinds } from '../container.ts';
import { procedure, router } from './init.ts';

export const zones = router({
  list: procedure
    .meta({ action: 'zone.read', rest: { method: 'GET', path: '/zones', status: 200, summary: 'Managed zones with their servers' } })
    .output(zoneList)
    .query(({ ctx }) => listZones(ctx.usecase)),
  get: procedure
    .meta({
      action: 'zone.read',
      rest: { method: 'GET', path: '/zones/{id}', status: 200, summary: 'One zone with its grants and every record set' },
    })
    .input(zoneQuery)
    .output(zoneDetail)
    .query(({ ctx, input }) => getZone(ctx.usecase, input)),
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
        example: {
          apex: 'corp.example.test',
          ownerTeam: 'platform-edge',
          connection: {
            kind: 'rfc2136',
            settings: { primary: { address: '192.0.2.53' }, tsig: { name: 'hostmaster-key' } },
            secret: 'c2VjcmV0LW9mLXRoZS1rZXktZmlsZQ==',
          },
        },
        location: ({ id }) => `/api/v1/zones/${id}`,
      },
    })
    .input(zoneInputOf([...dnsProviderKinds.values()]))
    .output(zoneRow)
    .mutation(({ ctx, input }) => createZone(ctx.usecase, input)),
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
