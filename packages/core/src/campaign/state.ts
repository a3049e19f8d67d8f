// The life of a campaign: many certificates replaced, or revoked and replaced, as one. What becomes of each certificate is not a
// state of it: that follows from the certificate (stage.ts).
import { stateMachine } from '../state-machine.ts';

export const campaignActions = ['replace', 'revoke'] as const;
export type CampaignAction = (typeof campaignActions)[number];

export const campaignStates = ['proposed', 'running', 'paused', 'stopped', 'finished'] as const;
export type CampaignState = (typeof campaignStates)[number];

/** What can happen: somebody starts it; holds it; lets it go on; ends it; nothing is left to take up, or to wait for. */
export const campaignEvents = ['start', 'pause', 'resume', 'stop', 'finish'] as const;
export type CampaignEvent = (typeof campaignEvents)[number];

export const campaignMachine = stateMachine({
  subject: 'campaign',
  states: campaignStates,
  events: campaignEvents,
  words: {
    start: 'be started',
    pause: 'be paused',
    resume: 'go on',
    stop: 'be stopped',
    finish: 'finish',
  },
  beginnings: [
    { state: 'running' },
    { state: 'proposed', how: 'it revokes many certificates of other teams, and somebody else starts it' },
  ],
  transitions: {
    proposed: { start: 'running', stop: 'stopped' },
    running: { pause: 'paused', stop: 'stopped', finish: 'finished' },
    paused: { resume: 'running', stop: 'stopped' },
    // What was taken up goes on; nothing else is.
    stopped: {},
    finished: {},
  },
});

/** More certificates of other teams than this are revoked together by two people alone. */
export const revokedByOne = 100;

/** In which something may still happen. */
export const openCampaignStates = campaignStates.filter((state) => !campaignMachine.isFinal(state));

/** In which it takes certificates up, or will again: it has a pace. */
export const pacedCampaignStates = campaignStates.filter((state) =>
  (['pause', 'resume'] as const).some((event) => campaignMachine.next(state, event) !== null),
);
