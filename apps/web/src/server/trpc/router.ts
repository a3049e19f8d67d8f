import { account } from './account.ts';
import { audit } from './audit.ts';
import { authority } from './authority.ts';
import { campaigns } from './campaigns.ts';
import { certificates } from './certificates.ts';
import { clusters } from './clusters.ts';
import { destinations } from './destinations.ts';
import { discovery } from './discovery.ts';
import { endpoints } from './endpoints.ts';
import { environments } from './environments.ts';
import { exceptions } from './exceptions.ts';
import { grants } from './grants.ts';
import { router } from './init.ts';
import { issuers } from './issuers.ts';
import { operations } from './operations.ts';
import { people } from './people.ts';
import { requests } from './requests.ts';
import { reservations } from './reservations.ts';
import { teams } from './teams.ts';
import { tokens } from './tokens.ts';
import { zones } from './zones.ts';

export const appRouter = router({
  account,
  requests,
  endpoints,
  operations,
  zones,
  grants,
  reservations,
  exceptions,
  environments,
  clusters,
  destinations,
  discovery,
  teams,
  people,
  certificates,
  campaigns,
  issuers,
  authority,
  audit,
  tokens,
});
export type AppRouter = typeof appRouter;
