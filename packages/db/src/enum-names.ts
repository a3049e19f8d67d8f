/** The name that the contract, the database and people use for a value of an enum: `in-review` for Prisma's `in_review`. */
export type Hyphenated<Name extends string> = Name extends `${infer Head}_${infer Tail}` ? `${Head}-${Hyphenated<Tail>}` : Name;
type Underscored<Name extends string> = Name extends `${infer Head}-${infer Tail}` ? `${Head}_${Underscored<Tail>}` : Name;

export const hyphenated = <Name extends string>(name: Name): Hyphenated<Name> => name.replaceAll('_', '-') as Hyphenated<Name>;

/** Prisma's name, for writes and filters through the client; raw SQL takes the hyphenated one. */
export const underscored = <Name extends string>(name: Name): Underscored<Name> => name.replaceAll('-', '_') as Underscored<Name>;
