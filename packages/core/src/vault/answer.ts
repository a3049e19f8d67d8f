// What Vault's HTTP API answers, as far as it is read here; whatever else stands in an answer is left alone.
import { z } from 'zod';

const pem = z.string().max(256 * 1024);
const chain = z
  .array(pem)
  .max(32)
  .nullish()
  .transform((all) => all ?? []);

/** POST …/sign/:name with `format=pem`. */
export const vaultSigned = z.object({
  data: z.object({ certificate: pem, issuing_ca: pem.nullish().transform((one) => one ?? ''), ca_chain: chain }),
});

/** A login of whatever method. `lease_duration` is in seconds; 0: the token has no end. */
export const vaultLogin = z.object({ auth: z.object({ client_token: z.string().min(1).max(8192), lease_duration: z.number() }) });

/** GET auth/token/lookup-self. Seconds; a `ttl` of 0: it has no end. */
export const vaultToken = z.object({
  data: z.object({
    ttl: z.number(),
    creation_ttl: z
      .number()
      .nullish()
      .transform((value) => value ?? 0),
    renewable: z
      .boolean()
      .nullish()
      .transform((value) => value ?? false),
  }),
});

/** GET sys/mounts/:path/tune, which has seconds: those of the whole server where the mount has none of its own. */
export const vaultTune = z.object({ data: z.object({ max_lease_ttl: z.number() }) });

export const vaultRoleRead = z.object({ data: z.record(z.string(), z.unknown()) });

export const vaultKeys = z.object({ data: z.object({ keys: z.array(z.string().max(256)).max(5_000_000) }) });

/** GET …/cert/:serial. `revocation_time` is in seconds since 1970; 0: it is not revoked. */
export const vaultCertificate = z.object({
  data: z.object({
    certificate: pem,
    revocation_time: z
      .number()
      .nullish()
      .transform((value) => value ?? 0),
  }),
});

/** GET …/issuer/:ref/json. */
export const vaultIssuer = z.object({ data: z.object({ certificate: pem, ca_chain: chain }) });

/** GET sys/health, where it is asked for one status whatever the state. */
export const vaultHealth = z.object({
  initialized: z.boolean(),
  sealed: z.boolean(),
  standby: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
  version: z
    .string()
    .max(200)
    .nullish()
    .transform((value) => value ?? 'of no version'),
});

/** POST sys/capabilities-self. */
export const vaultCapabilities = z.object({ data: z.record(z.string(), z.unknown()) });

/** What every refusal carries; a proxy before Vault says none of it. */
export const vaultErrors = z.object({ errors: z.array(z.string().max(100_000)).max(1000) });
