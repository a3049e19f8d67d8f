/** RFC 3339 in UTC, as every answer carries it. */
export const timestampOf = (date: Date): string => date.toISOString();

export const timestampOrNull = (date: Date | null): string | null => date?.toISOString() ?? null;
