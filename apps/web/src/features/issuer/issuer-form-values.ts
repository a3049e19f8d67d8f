import type { IssuerChangeDraft, IssuerDraft, IssuerKindRow, IssuerRow, IssuerTrialDraft } from '@hostmaster/core/contract/issuer';
import { type ConnectionValues, connectionDraftOf, connectionValuesOf, emptyConnection } from '@/features/connection/connection-values';

export type IssuerFormValues = ConnectionValues & {
  name: string;
  slug: string;
  /** One a line. */
  suffixes: string;
  rootPem: string;
};

export const emptyIssuer = (kind: IssuerKindRow | undefined): IssuerFormValues => ({
  name: '',
  slug: '',
  ...emptyConnection(kind),
  suffixes: '',
  rootPem: '',
});

/** An issuer that somebody connected. */
export type ConnectedIssuer = IssuerRow & { readonly connection: NonNullable<IssuerRow['connection']> };

/** As the issuer is now; its secret is nowhere to be read. */
export const valuesOf = (issuer: ConnectedIssuer, kind: IssuerKindRow | undefined): IssuerFormValues => ({
  name: issuer.name,
  slug: issuer.slug,
  ...connectionValuesOf(issuer.connection, kind),
  suffixes: issuer.permittedSuffixes.join('\n'),
  rootPem: issuer.rootPem ?? '',
});

/** As the API takes it; whatever is wrong with the texts, the schema of the API says. */
export const issuerDraftOf = (values: IssuerFormValues, kind: IssuerKindRow | undefined): IssuerDraft => ({
  slug: values.slug.trim(),
  connection: connectionDraftOf(values, kind),
  ...saidOf(values),
});

/** What of it is tried before it is kept. */
export const issuerTrialDraftOf = (values: IssuerFormValues, kind: IssuerKindRow | undefined): IssuerTrialDraft => {
  const { suffixes, rootPem } = saidOf(values);
  return { connection: connectionDraftOf(values, kind), suffixes, rootPem };
};

/** The same of a change. @param reconnect whether it says where the issuer is */
export const issuerChangeOf = (
  { id, version }: Pick<IssuerRow, 'id' | 'version'>,
  values: IssuerFormValues,
  kind: IssuerKindRow | undefined,
  reconnect: boolean,
): IssuerChangeDraft => ({
  id,
  version,
  ...(reconnect ? { connection: connectionDraftOf(values, kind) } : {}),
  ...saidOf(values),
});

const saidOf = ({ name, suffixes, rootPem }: IssuerFormValues) => ({
  name: name.trim(),
  suffixes: suffixes.split(/[\s,]+/).filter((suffix) => suffix !== ''),
  rootPem,
});

/** What the forms of an issuer have a control for: all of it but the test. */
export const issuerFields = Object.keys({
  slug: true,
  name: true,
  connection: true,
  suffixes: true,
  rootPem: true,
} satisfies Record<Exclude<keyof IssuerDraft, 'trial' | 'untested'>, true>);
