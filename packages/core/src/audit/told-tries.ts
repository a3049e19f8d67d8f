/** Of what is tried over and over in a window, the tries that are told: a burst is told by its size, not try by try. */
export const isTold = (tries: number): boolean => tries === 1 || tries === 10 || tries === 100;
