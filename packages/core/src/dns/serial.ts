/** Whether serial `a` comes after `b` (RFC 1982 §3.2); false for the pair half the circle apart, which is undefined there. */
export const isLaterSerial = (a: number, b: number): boolean => ((a - b) | 0) > 0;
