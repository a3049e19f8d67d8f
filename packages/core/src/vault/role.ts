// A role of Vault's PKI as GET …/roles/:name answers it: what of it decides whether a certificate is signed, and what that holds. What an older or a
// newer Vault leaves out has the default that Vault itself documents.
import { z } from 'zod';

const most = 10_000;
const text = z.string().max(most);
const flag = (fallback: boolean) =>
  z
    .boolean()
    .nullish()
    .transform((value) => value ?? fallback);
const number = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);
const list = z
  .union([z.array(text).max(most), text.transform((joined) => joined.split(',').map((each) => each.trim()))])
  .nullish()
  .transform((values) => (values ?? []).filter((value) => value !== ''));

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds as a number, or a duration such as 72h, 1h30m or 30d. */
const duration = z.union([
  z.number(),
  text.transform((said) => {
    const parts = [...said.matchAll(/(\d{1,12})([smhd]?)/g)];
    return parts.reduce((sum, [, count = '0', unit = '']) => sum + Number(count) * (unitSeconds[unit === '' ? 's' : unit] ?? 0), 0);
  }),
]);
const seconds = duration.nullish().transform((value) => value ?? 0);

export const vaultRole = z.object({
  allow_any_name: flag(false),
  allow_bare_domains: flag(false),
  allow_glob_domains: flag(false),
  allow_ip_sans: flag(true),
  allow_localhost: flag(true),
  allow_subdomains: flag(false),
  allow_token_displayname: flag(false),
  allow_wildcard_certificates: flag(true),
  allowed_domains: list,
  allowed_domains_template: flag(false),
  /** OpenBao's alone: the networks that addresses lie in; empty: all. */
  allowed_ip_sans_cidr: list,
  /** Each may be a glob. */
  allowed_uri_sans: list,
  allowed_uri_sans_template: flag(false),
  client_flag: flag(true),
  code_signing_flag: flag(false),
  email_protection_flag: flag(false),
  ext_key_usage: list,
  ext_key_usage_oids: list,
  /** Which CA of the mount signs. */
  issuer_ref: text.nullish().transform((value) => value || 'default'),
  key_bits: number,
  key_type: text.nullish().transform((value) => value ?? 'rsa'),
  /** In seconds; 0: as long as the mount allows. */
  max_ttl: seconds,
  no_store: flag(false),
  not_after: text.nullish().transform((value) => value ?? ''),
  require_cn: flag(true),
  server_flag: flag(true),
  use_csr_common_name: flag(true),
});
export type VaultRole = z.output<typeof vaultRole>;
