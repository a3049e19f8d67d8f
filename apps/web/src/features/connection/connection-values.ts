import { type DescribedKind, emptySettings, secretField, settingRows, settingsOf, settingTexts } from './settings-fields';

/** What every form with a connection has among its values. */
export type ConnectionValues = {
  /** The kind of provider or issuer, and what it needs to know, as texts by the field. */
  kind: string;
  settings: Record<string, string>;
  secret: string;
};

/**
 * As a form begins with it, and what becomes of it where another kind is chosen: a secret is never sent to another kind than it was
 * typed for.
 */
export const emptyConnection = (kind: DescribedKind | undefined): ConnectionValues => ({
  kind: kind?.kind ?? '',
  settings: kind ? emptySettings(settingRows(kind)) : {},
  secret: '',
});

type Stored = { readonly kind: string; readonly settings: Readonly<Record<string, unknown>> };

/** As it is stored; its secret is nowhere to be read. */
export const connectionValuesOf = (stored: Stored, kind: DescribedKind | undefined): ConnectionValues => ({
  kind: stored.kind,
  settings: kind ? settingTexts(settingRows(kind), stored.settings) : {},
  secret: '',
});

/** As the API takes it. */
export const connectionDraftOf = (values: ConnectionValues, kind: DescribedKind | undefined) => {
  const field = kind ? secretField(kind) : null;
  const secret = values.secret.trim();
  return {
    kind: values.kind,
    settings: kind ? settingsOf(settingRows(kind), values.settings) : {},
    ...(field === null || (field.optional && secret === '') ? {} : { secret }),
  };
};
