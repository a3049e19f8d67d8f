import { tag } from './der.ts';
import { children, type DerValue, expectTag, readOid } from './der-reader.ts';

/** The attributes of a Name in their order (RFC 5280 §4.1.2.4), each with what stands in it. Errors: invalid-input. */
export const readDistinguishedName = (name: DerValue): readonly { readonly identifier: string; readonly value: DerValue | undefined }[] =>
  children(expectTag(name, tag.sequence, 'the subject'), 32).flatMap((relativeName) =>
    children(expectTag(relativeName, tag.set, 'a relative name'), 8).map((attribute) => {
      const [type, value] = children(attribute, 2);
      return { identifier: readOid(type), value };
    }),
  );
