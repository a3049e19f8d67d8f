// A destination of certificates as it is connected, changed and answered. What a kind of it needs beside this, its descriptor says
// (core/pki/destination.ts): the schema of the input is made with those that a process knows.
import { z } from 'zod';
import { connectionSchema, type SettingsDescriptor } from '../descriptor.ts';
import { checksOfConnection, connectionTest, neededOfConnection, testedFirst, wasTested } from './described.ts';
import { slug } from './endpoint.ts';
import { id, pageOf, rowVersion } from './page.ts';
import { named, told } from './told.ts';

const short = 'Short name of the destination, as clusters and messages name it.';
const connectionWords = {
  id: 'DestinationConnection',
  what: 'destination',
  description: 'Where a destination is: its kind, its settings, and the secret that lets Hostmaster in.',
};

/** The input for destinations of these kinds. */
export const destinationInputOf = (kinds: readonly SettingsDescriptor[]) =>
  named(
    'DestinationInput',
    z.strictObject({
      slug: told(slug, `${short} It stays.`, 'k8s-2'),
      connection: told(
        connectionSchema(kinds, connectionWords),
        'Where it is: its kind, its settings, and a secret that is sealed as soon as it arrives and never answered.',
      ),
      ...testedFirst('/destinations:test'),
    }),
    'A destination that is to be connected.',
  );
export type DestinationInput = z.output<ReturnType<typeof destinationInputOf>>;
export type DestinationDraft = z.input<ReturnType<typeof destinationInputOf>>;

/** A connection that is tried before a destination is connected or changed to it; nothing of it is kept. */
export const destinationTrialOf = (kinds: readonly SettingsDescriptor[]) =>
  named('DestinationTrial', destinationInputOf(kinds).pick({ connection: true }), 'A connection of a destination that is to be tried.');
export type DestinationTrial = z.output<ReturnType<typeof destinationTrialOf>>;
export type DestinationTrialDraft = z.input<ReturnType<typeof destinationTrialOf>>;

/** Where a destination is from now on; its short name and kind stay. */
export const destinationChangeOf = (kinds: readonly SettingsDescriptor[]) =>
  named(
    'DestinationChange',
    z.strictObject({
      id,
      version: told(rowVersion, 'As it was read: where somebody changed the destination since, nothing is changed.', 1),
      connection: told(connectionSchema(kinds, connectionWords), 'Where it is from now on, with its secret, which nobody can read.'),
      ...testedFirst('/destinations:test'),
    }),
    'Where a destination is from now on.',
  );
export type DestinationChange = z.output<ReturnType<typeof destinationChangeOf>>;
export type DestinationChangeDraft = z.input<ReturnType<typeof destinationChangeOf>>;

const destinationKindRow = named(
  'DestinationKind',
  z.object({
    kind: told(z.string(), 'The word that a connection names it by.', 'kubernetes'),
    label: told(z.string(), 'What people call it.', 'Kubernetes'),
    summary: told(z.string(), 'One sentence, for whoever chooses.', 'Secrets of type kubernetes.io/tls in a cluster.'),
    ...neededOfConnection,
    checks: checksOfConnection,
  }),
  'A kind of destination that can be connected.',
);
export type DestinationKindRow = z.infer<typeof destinationKindRow>;
/** As many as this version knows: no page of it is needed. */
export const destinationKindList = named(
  'DestinationKindList',
  z.object({ rows: told(z.array(destinationKindRow), 'Every kind that this version can connect.') }),
  'Kinds of destinations; a list that never grows, so it has no pages.',
);

export const destinationRow = named(
  'Destination',
  z.object({
    id,
    slug: told(z.string(), short, 'k8s-2'),
    kind: told(z.string(), 'The kind of destination.', 'kubernetes'),
    settings: told(z.record(z.string(), z.unknown()), 'Its settings, without the secret.', { address: 'https://k8s-2.example.com:6443' }),
    clusters: told(z.array(z.string()), 'Short names of the clusters that it is attached to.', ['k8s-2']),
    certificates: told(z.number().int(), 'Names whose certificate is there.', 7),
    loadBalancers: told(
      z.array(
        named(
          'LoadBalancerUse',
          z.object({
            name: told(z.string(), 'Kind and short name of the load balancer.', 'app/shop'),
            certificates: told(z.number().int(), 'Certificates of ours that it uses, as they were last seen.', 24),
            atMost: told(
              z.number().int(),
              'What it holds beside its default certificate: of the cluster, else what AWS allows at first.',
              25,
            ),
          }),
          'A load balancer that certificates of a destination are used by.',
        ),
      ),
      'Load balancers that use what is there, the fullest first; empty where the destination does not say what uses it.',
    ),
    lastTest: told(connectionTest.nullable(), 'Its last connection test; null where there was none.'),
    version: told(z.number().int(), 'Which version of its connection this is; a change names it.', 1),
  }),
  'Where certificates are handed to.',
);
export type DestinationRow = z.infer<typeof destinationRow>;
export const destinationKept = named('DestinationKept', destinationRow.extend(wasTested), 'A destination as it was kept just now.');
export type DestinationKept = z.infer<typeof destinationKept>;
export const destinationPage = named('DestinationPage', pageOf(destinationRow), 'Destinations, by short name.');
export const destinationQuery = z.strictObject({ id });
export const destinationRemoval = named(
  'DestinationRemoval',
  z.strictObject({
    id,
    abandon: told(
      z.boolean().default(false),
      'It is gone for good: what was delivered there is forgotten, and taken back by nobody.',
      false,
    ),
  }),
  'A destination that is to be removed.',
);
