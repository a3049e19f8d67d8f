/** So many things that one process does at once and no more; whoever finds no place comes again later. */
export type Places = {
  /** A place, to be released once; null where none is free. */
  take(): { release(): void } | null;
};

export function places(most: number): Places {
  let taken = 0;
  return {
    take: () => {
      if (taken >= most) return null;
      taken += 1;
      return {
        release: () => {
          taken -= 1;
        },
      };
    },
  };
}
