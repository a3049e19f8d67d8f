import { describe, expect, it } from 'vitest';
import type { ClusterGround } from '../ground.ts';
import { ask, cluster, denials, endpoint, grant, zone } from '../testing/world.ts';

const onCluster = { target: { cluster: 'k8s-1' } };

describe('a cluster', () => {
  it.each<[string, ClusterGround | null, string[]]>([
    ['is denied that nobody knows', null, ['cluster-known']],
    ['is denied of another environment', { ...cluster, environment: 'prod' }, ['cluster-environment']],
    ['is denied without public traffic', { ...cluster, takesPublicTraffic: false }, ['cluster-exposure']],
    ['is denied with a full load balancer', { ...cluster, certificateLimit: 25, certificates: 25 }, ['cluster-certificates']],
    ['is allowed with room for one more', { ...cluster, certificateLimit: 25, certificates: 24 }, []],
    ['is allowed without a limit', { ...cluster, certificates: 1000 }, []],
  ])('%s', (_, known, expected) => {
    expect(denials(onCluster, { cluster: known })).toEqual(expected);
  });

  it.each([
    ['public', true, []],
    ['internal', false, []],
    ['partner', false, []],
    ['public', false, ['cluster-exposure']],
    ['internal', true, ['cluster-exposure']],
    ['partner', true, ['cluster-exposure']],
  ] as const)('of a %s name that takes public traffic (%s): %j', (view, takesPublicTraffic, expected) => {
    const grants = [grant('order-platform', 'dev.example.test', ['dev'], { views: [view] })];
    const world = { grants, zones: [zone('example.test', { view })], cluster: { ...cluster, takesPublicTraffic } };
    expect(denials({ ...onCluster, view }, world)).toEqual(expected);
  });

  it('of another environment is no matter while the environment is not known', () => {
    const grants = [grant('order-platform', 'dev.example.test', ['qa', 'prod'])];
    expect(denials(onCluster, { cluster, grants })).toEqual(['environment-named']);
  });

  it('that is full takes what has no certificate', () => {
    const full = { ...cluster, certificateLimit: 0 };
    expect(ask({ ...onCluster, tls: { termination: 'none' } }, { cluster: full }).outcome).toBe('allow');
  });

  it('that is full lets what is there already be changed, and takes nobody by a change', () => {
    const mine = { endpoints: [endpoint('orders.dev.example.test', 'order-platform')] };
    const full = { ...cluster, certificateLimit: 1, certificates: 1 };
    const change = { kind: 'change' } as const;
    expect(ask(onCluster, { ...mine, cluster: { ...full, holdsOwn: true } }, change).outcome).toBe('allow');
    expect(denials(onCluster, { ...mine, cluster: full }, change)).toEqual(['cluster-certificates']);
    expect(denials(onCluster, { cluster: { ...full, holdsOwn: true } })).toEqual(['cluster-certificates']);
  });
});
