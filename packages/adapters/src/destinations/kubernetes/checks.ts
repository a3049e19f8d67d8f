// What "Test connection" asks of a cluster: whether it is reached, which version it is, as whom the token lets Hostmaster in, and whether
// it may do there what deliveries need. Nothing is written.
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';
import type { DestinationCheck } from '@hostmaster/core/pki/destination';
import { z } from 'zod';
import { type Reached, reachChecks } from '../../issuers/reach-checks.ts';
import { permittedCheck } from '../permitted.ts';
import type { KubernetesServer } from './server.ts';
import type { KubernetesSettings } from './settings.ts';

export type KubernetesUnderTest = { readonly reached: Reached; readonly server: KubernetesServer; readonly settings: KubernetesSettings };

const version = z.object({ gitVersion: z.string(), major: z.string(), minor: z.string() });
/** Server-side apply is stable from there on. */
const leastMinor = 22;
const selfReview = z.object({ status: z.object({ userInfo: z.object({ username: z.string() }) }) });
const accessReview = z.object({ status: z.object({ allowed: z.boolean() }) });
/** An apply that makes the object needs both `patch` and `create`. */
const verbs = ['get', 'create', 'patch', 'delete'] as const;

export const kubernetesChecks: readonly DestinationCheck<KubernetesSettings, KubernetesUnderTest>[] = [
  permittedCheck(({ server }) => server.requirePermitted),
  ...reachChecks({ url: 'Address' }).map((check) => ({ needs: 'permitted', ...check })),
  {
    name: 'token',
    holds: 'The token lets Hostmaster in',
    needs: 'tls',
    remedy: () => 'Make another token for the service account, and give it as “Token”.',
    async run({ server, settings }, signal) {
      const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
      const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
      const answer = await server.call({ method: 'POST', path, body }, signal);
      if (answer.ok)
        return `It is let in as ${foreignWords(server.read(selfReview, answer.json, 'SelfSubjectReview').status.userInfo.username)}.`;
      // Before 1.28 there is none: whoever is not known is told so all the same.
      if (answer.status === 403 || answer.status === 404) return 'It is let in; this version does not say as whom.';
      throw server.refusal(answer, settings.namespace);
    },
  },
  {
    name: 'version',
    holds: 'It is a version that knows server-side apply',
    needs: 'token',
    remedy: () => 'Server-side apply needs Kubernetes 1.22 or later.',
    async run({ server, settings }, signal) {
      const answer = await server.call({ method: 'GET', path: '/version' }, signal);
      if (!answer.ok) throw server.refusal(answer, settings.namespace);
      const { gitVersion, major, minor } = server.read(version, answer.json, 'version');
      // Some have a plus sign behind it.
      const isKnown = Number(major) > 1 || Number.parseInt(minor, 10) >= leastMinor;
      if (!isKnown) throw new HostmasterError('unsupported', `It is Kubernetes ${foreignWords(gitVersion)}.`);
      return `It is Kubernetes ${foreignWords(gitVersion)}.`;
    },
  },
  {
    name: 'rights',
    holds: 'It may make, read and delete Secrets in its namespace',
    needs: 'token',
    remedy: (_, { settings: { namespace } }) =>
      `Bind the role of the guide to its service account in the namespace ${namespace}, and in every other one that contracts name.`,
    async run({ server, settings: { namespace } }, signal) {
      const allowed = await Promise.all(
        verbs.map(async (verb) => {
          const spec = { resourceAttributes: { namespace, verb, group: '', version: 'v1', resource: 'secrets' } };
          const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec };
          const answer = await server.call(
            { method: 'POST', path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', body },
            signal,
          );
          if (!answer.ok) throw server.refusal(answer, namespace);
          return server.read(accessReview, answer.json, 'SelfSubjectAccessReview').status.allowed;
        }),
      );
      const missing = verbs.filter((_, at) => !allowed[at]);
      if (missing.length > 0)
        throw new HostmasterError('delivery-failed', `It may not ${missing.join(', ')} secrets in the namespace ${namespace}.`);
      return `It may ${verbs.join(', ')} secrets in the namespace ${namespace}.`;
    },
  },
];
