/** The name that the contract, the database and people use for a value of an enum: `test-zone` for Prisma's `test_zone`. */
export type Hyphenated<Name extends string> = Name extends `${infer Head}_${infer Tail}` ? `${Head}-${Hyphenated<Tail>}` : Name;

export const hyphenated = <Name extends string>(name: Name): Hyphenated<Name> => name.replaceAll('_', '-') as Hyphenated<Name>;
