// How far a certificate is that a campaign has taken up. It is derived from the certificate, its successor and the work on its
// endpoint (db/campaign-progress.ts), and stored nowhere.

export const campaignStages = ['under-way', 'held-up', 'issued', 'waiting', 'failed', 'replaced', 'revoked', 'ended'] as const;
export type CampaignStage = (typeof campaignStages)[number];

/** What each says, as a sentence of the API's documents. */
export const stageWords: Readonly<Record<CampaignStage, string>> = {
  'under-way': 'Work on it waits for its turn, or is done.',
  'held-up': 'A try came to nothing, such as an issuer that cannot be asked; it is tried again.',
  issued: 'Another certificate is issued and not seen on the wire yet.',
  waiting: 'It waits for whoever has its key or its device: to install what was issued, or to bring a CSR for a new key.',
  failed: 'The work on it was given up, or its issuer refused to revoke it.',
  replaced: 'Another certificate is seen in its place.',
  revoked: 'It is revoked.',
  ended: 'It expired, was revoked or its name ended before its turn came to an end.',
};

/** Which move by themselves: while there are any, the campaign is not finished. */
export const movingStages: readonly CampaignStage[] = ['under-way', 'issued'];
