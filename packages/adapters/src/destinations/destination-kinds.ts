// What a process may know of the destinations that can be connected and that opens none: words, schemas and rules, and not the way in.
import { byKind } from '@hostmaster/core/descriptor';
import type { DestinationKinds } from '@hostmaster/core/pki/destination';
import { destinations } from './destinations.ts';

export const destinationKinds: DestinationKinds = byKind(
  [...destinations.values()].map(({ open: _, openTest: __, ...described }) => described),
);
