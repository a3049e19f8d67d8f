import { acmSettings } from '../../issuers/acm/settings.ts';

/** What is to be known of an account, as for an issuer there, in the words of what is imported. */
export const importSettings = acmSettings.extend({
  account: acmSettings.shape.account.meta({
    title: 'Account',
    description: 'Its id: whatever is imported must be in it, and the host of the worker names it.',
    examples: ['123456789012'],
  }),
  tags: acmSettings.shape.tags.meta({
    title: 'Tags',
    description: 'Put on each certificate when it is first imported, beside that of its hostname.',
    examples: ['cost-centre=4711'],
  }),
});
