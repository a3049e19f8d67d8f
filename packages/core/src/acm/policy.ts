// What an account of AWS gives Hostmaster for its certificates (ACM), and not more: a policy of IAM, as whoever runs the account writes it.
import type { CommandStep } from '../pki/issuer.ts';
import { shellCommand } from '../shell-command.ts';

/** Where it orders: each is checked by the settings. */
export type AcmPlace = { readonly region: string; readonly account: string };

/** On everything that is ordered, with the order's id: what does not carry it was not ordered by Hostmaster, and is never deleted. */
export const orderTag = 'hostmaster-order';

/** On everything that is imported, with the hostname: what does not carry it is never imported over or deleted. */
export const hostnameTag = 'hostmaster-hostname';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html: China and GovCloud are partitions of their own. */
export const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';

/** What is done with what is there already. */
export const certificateActions = ['acm:DescribeCertificate', 'acm:GetCertificate', 'acm:ListTagsForCertificate'] as const;

export const arnPattern = ({ region, account }: AcmPlace): string => `arn:${partitionOf(region)}:acm:${region}:${account}:certificate/*`;

const isTagged = (by: 'RequestTag' | 'ResourceTag', tag: string) => ({ Null: { [`aws:${by}/${tag}`]: 'false' } });

/** Requests and lists are of no certificate yet, so that IAM takes no ARN for them. */
export const acmPolicy = (place: AcmPlace) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['acm:RequestCertificate', 'acm:AddTagsToCertificate', 'acm:ListCertificates'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:RequestedRegion': place.region } },
    },
    { Effect: 'Allow', Action: [...certificateActions], Resource: arnPattern(place) },
    {
      Effect: 'Allow',
      Action: ['acm:DeleteCertificate'],
      Resource: arnPattern(place),
      Condition: isTagged('ResourceTag', orderTag),
    },
  ],
});

/** Of a destination: it imports anew what it tags, and again and away what carries the tag. */
export const importPolicy = (place: AcmPlace) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['acm:ListCertificates'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:RequestedRegion': place.region } },
    },
    { Effect: 'Allow', Action: [...certificateActions], Resource: arnPattern(place) },
    {
      Effect: 'Allow',
      Action: ['acm:ImportCertificate', 'acm:AddTagsToCertificate'],
      Resource: arnPattern(place),
      Condition: isTagged('RequestTag', hostnameTag),
    },
    {
      Effect: 'Allow',
      Action: ['acm:ImportCertificate', 'acm:DeleteCertificate'],
      Resource: arnPattern(place),
      Condition: isTagged('ResourceTag', hostnameTag),
    },
  ],
});

const user = ['--user-name', 'hostmaster'];
const commandsFor = (name: string, policy: object): readonly CommandStep[] => [
  { title: 'Whom Hostmaster signs in as', command: shellCommand(['aws', 'iam', 'create-user', ...user]) },
  {
    title: 'What Hostmaster may do',
    command: shellCommand([
      ...['aws', 'iam', 'put-user-policy', ...user],
      ...['--policy-name', name, '--policy-document', JSON.stringify(policy)],
    ]),
  },
  { title: 'Its access key', command: shellCommand(['aws', 'iam', 'create-access-key', ...user]) },
];

/** Of an issuer. */
export const acmSetup = (place: AcmPlace): readonly CommandStep[] => commandsFor('hostmaster-acm', acmPolicy(place));
/** Of a destination. */
export const importSetup = (place: AcmPlace): readonly CommandStep[] => commandsFor('hostmaster-acm-import', importPolicy(place));
