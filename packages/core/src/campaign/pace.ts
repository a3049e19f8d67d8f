// How fast a campaign goes: the certificates that it takes up are counted by their rows, so a worker that dies forgets none.

/** Certificates a minute. */
export const fastestPace = 3000;
/** What one issuer, one worker and whoever reads the alerts keep up with. */
export const defaultPace = 60;

/** Rounds come every two or three seconds: a minute's certificates are spread over a quarter of it at least. */
const roundsInAMinute = 15;

/** How many certificates may be taken up now, so that in no minute there are more than the pace says. */
export const roomFor = (pace: number, takenInLastMinute: number): number =>
  Math.max(0, Math.min(Math.ceil(pace / roundsInAMinute), pace - takenInLastMinute));

/** In whole minutes. */
export const minutesFor = (count: number, pace: number): number => Math.ceil(count / pace);
