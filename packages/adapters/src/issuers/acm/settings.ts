// What is to be known of an account of AWS and its region, as a form asks for it.
import { breakRule } from '@hostmaster/core/contract/own-rule';
import { z } from 'zod';
import { addressesSetting, trustSetting } from '../reach.ts';

/** Keys and values of tags (https://docs.aws.amazon.com/acm/latest/userguide/tags.html), without those that stand between them here. */
const tag = /^(?!aws:)[\p{L}\p{N} _.:/+@-]{1,128}=[\p{L}\p{N} _.:/+@-]{0,256}$/u;
const mostTags = 40;

export const tagsOf = (text: string): readonly { readonly Key: string; readonly Value: string }[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each) => {
      const at = each.indexOf('=');
      return { Key: each.slice(0, at).trim(), Value: each.slice(at + 1).trim() };
    });

export const acmSettings = z.strictObject({
  region: z
    .string()
    .max(32)
    .superRefine((text, context) => {
      if (/^[a-z]{2}(?:-[a-z]+)+-\d$/.test(text)) return;
      const reason = 'A region of AWS is written like eu-central-1.';
      breakRule(context, { rule: 'aws-region', reason, remedy: 'Give that of the load balancer; us-east-1 for CloudFront.' });
    })
    .meta({
      title: 'Region',
      description: 'Where the load balancers are; us-east-1 for CloudFront.',
      examples: ['eu-central-1'],
    }),
  account: z
    .string()
    .max(12)
    .superRefine((text, context) => {
      if (/^\d{12}$/.test(text)) return;
      const reason = 'The id of an account of AWS is twelve digits.';
      breakRule(context, { rule: 'aws-account', reason, remedy: 'Give it as aws sts get-caller-identity shows it.' });
    })
    .meta({ title: 'Account', description: 'Its id: what comes of an order must be in it.', examples: ['123456789012'] }),
  accessKeyId: z
    .string()
    .max(128)
    .superRefine((text, context) => {
      if (/^AKIA[A-Z0-9]{12,124}$/.test(text)) return;
      const reason = text.startsWith('ASIA')
        ? 'It is a key for some hours, which goes with a session token.'
        : 'An access key id begins with AKIA, and has capital letters and digits.';
      breakRule(context, {
        rule: 'aws-access-key',
        reason,
        remedy: 'Give that of a user of IAM, as aws iam create-access-key printed it.',
      });
    })
    .meta({ title: 'Access key', description: 'Id of the access key of a user of IAM.', examples: ['AKIAIOSFODNN7EXAMPLE'] }),
  tags: z
    .string()
    .max(4096)
    .superRefine((text, context) => {
      const all = text
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== '');
      if (all.length <= mostTags && all.every((each) => tag.test(each))) return;
      const reason = `Tags are at most ${mostTags}, each a key and a value with = between, and commas between them.`;
      breakRule(context, { rule: 'aws-tags', reason, remedy: 'Give them such as cost-centre=4711, owner=platform.' });
    })
    .default('')
    .meta({ title: 'Tags', description: 'Put on each certificate, beside the one of its order.', examples: ['cost-centre=4711'] }),
  endpoint: z
    .string()
    .max(2048)
    .superRefine((text, context) => {
      const { protocol, search, username, pathname } = URL.canParse(text)
        ? new URL(text)
        : { ...{ protocol: '', search: '' }, username: '', pathname: '' };
      if (text === '' || (protocol === 'https:' && search === '' && username === '' && pathname === '/')) return;
      const reason = 'An endpoint of AWS is asked over HTTPS, at no path of its own.';
      breakRule(context, { rule: 'aws-endpoint', reason, remedy: 'Give it as the console of VPC endpoints shows it, or leave it empty.' });
    })
    .default('')
    .meta({
      title: 'Endpoint',
      description: 'Of a VPC endpoint, say; left empty, the public one of the region.',
      examples: ['https://vpce-0123.acm.eu-central-1.vpce.amazonaws.com'],
    }),
  trust: trustSetting('the endpoint'),
  addresses: addressesSetting('the endpoint'),
});
export type AcmSettings = z.output<typeof acmSettings>;

/** https://docs.aws.amazon.com/general/latest/gr/acm.html */
export const endpointOf = ({ endpoint, region }: AcmSettings): string =>
  endpoint || `https://acm.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;

export const acmSecret = z
  .string()
  .max(128)
  .superRefine((text, context) => {
    if (/^[A-Za-z0-9/+=]{16,128}$/.test(text)) return;
    const reason = 'A secret access key is one word of letters, digits, slashes and plus signs.';
    breakRule(context, { rule: 'aws-secret-key', reason, remedy: 'Give it as aws iam create-access-key printed it.' });
  })
  .meta({ examples: ['wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'] })
  .transform((text): Uint8Array => Buffer.from(text))
  .meta({
    title: 'Secret access key',
    description: 'Of that access key. Sealed to the worker as soon as it arrives; it is never shown again.',
  });
