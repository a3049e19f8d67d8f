'use client';
import { useState } from 'react';

const first: readonly (string | null)[] = [null];

/** The places at which the pages of a list begin, as far as they are known; each page that comes tells the next. */
export function useCursors(): readonly [cursors: readonly (string | null)[], goOn: (next: string | null | undefined) => void] {
  const [cursors, setCursors] = useState(first);
  const goOn = (next: string | null | undefined): void => {
    if (next && !cursors.includes(next)) setCursors([...cursors, next]);
  };
  return [cursors, goOn];
}
