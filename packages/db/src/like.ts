/** Text as LIKE takes it literally (the escape character is the backslash, as Postgres has it unless told otherwise). */
export const literal = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

export const containing = (text: string): string => `%${literal(text)}%`;
export const beginning = (text: string): string => `${literal(text)}%`;
