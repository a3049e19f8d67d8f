// What a program does with the API, step by step, as commands to copy: they are run in this order, one shell for all of
// them, by e2e/src/guides.spec.ts against a whole instance.
import { type ShellWord, shellCommand } from '@hostmaster/core/shell-command';
import { restBase } from './base.ts';

type Step = {
  readonly says: string;
  readonly command: string /** What the command prints, where it is always the same. */;
  readonly prints?: string;
};
export type Guide = { readonly id: string; readonly title: string; readonly text: string; readonly steps: readonly Step[] };

const hostname = 'invoices.dev.example.test';
const contract = { hostname, team: 'order-platform', target: { addresses: ['127.0.0.1'] } };

type Options = { readonly body?: object; readonly more?: readonly ShellWord[] };
/** @param address below /api/v1, with variables of the shell */
function curl(address: string, { body, more = [] }: Options = {}): string {
  const lines: ShellWord[][] = [
    ['curl', '-sS', [{ expands: '$HOSTMASTER' }, restBase, { expands: address }], ...more],
    ['-H', ['Authorization: Bearer ', { expands: '$HOSTMASTER_TOKEN' }]],
  ];
  if (body !== undefined) lines.push(['-H', 'Content-Type: application/json'], ['-d', JSON.stringify(body)]);
  return shellCommand(...lines);
}

const ask = (kind: string, more: object = {}): string =>
  `${curl('/requests', { body: { kind, contract: { ...contract, ...more } } })} > request.json
REQUEST=$(jq -r .id request.json)
OPERATION=$(jq -r .operation.id request.json)`;
const wait = `until ${curl('/operations/$OPERATION')} > operation.json &&
  jq -e '.state | IN("pending", "running", "waiting") | not' operation.json > /dev/null
do sleep 1; done
jq -r .state operation.json`;

/** @param publicUrl origin under which the API is reached */
export const guidesFor = (publicUrl: string): readonly Guide[] => [
  {
    id: 'begin',
    title: 'Before you begin',
    text: 'Make a token in the portal, under Tokens. The commands need curl, jq and openssl, and belong into one shell, in the order in which they stand here. Put your own name, team and address in the place of ours.',
    steps: [
      {
        says: 'Say where Hostmaster is and who asks.',
        command: `export HOSTMASTER=${publicUrl}\nexport HOSTMASTER_TOKEN=hm_…`,
      },
      { says: 'Look who that is.', command: `${curl('/me')} | jq -r .kind`, prints: 'service' },
    ],
  },
  {
    id: 'ask',
    title: 'Ask for a name, and wait until it is live',
    text: 'What policy allows is applied at once. A request that needs a review has no operation yet: poll the request itself, until its state is no more in-review.',
    steps: [
      { says: 'Ask. The answer holds the operation that does the work.', command: ask('create') },
      {
        says: 'Ask for the operation until it is over. Between two looks wait a second, or as long as nextAttempt says.',
        command: wait,
        prints: 'succeeded',
      },
      {
        says: 'The name is live: every server answers with it, and a probe saw its certificate.',
        command: `${curl(`/endpoints?search=${hostname}`)} | jq -r '.rows[0].state'`,
        prints: 'live',
      },
    ],
  },
  {
    id: 'change',
    title: 'Change it',
    text: 'A change carries the whole contract: what it leaves out goes back to its default.',
    steps: [
      { says: 'Ask for the change, here of how long answers are kept.', command: ask('change', { ttl: 'cutover' }) },
      { says: 'Wait as before.', command: wait, prints: 'succeeded' },
    ],
  },
  {
    id: 'transfer',
    title: 'Give it to another team',
    text: 'The team that holds a name asks, and names the team that is to have it. That team needs a grant for it, and accepts by a review; until then nothing changes.',
    steps: [
      { says: 'Ask for the transfer.', command: ask('transfer', { ttl: 'cutover', team: 'payments' }) },
      { says: 'See whom it waits for.', command: `jq -r '.waitsFor[]' request.json`, prints: 'team:payments' },
    ],
  },
  {
    id: 'cancel',
    title: 'Take a request back',
    text: 'A request can be cancelled while it is not over. What it had begun is given back.',
    steps: [
      {
        says: 'Cancel the transfer that still waits.',
        command: `${curl('/requests/$REQUEST/cancel', { body: { reason: 'We keep it.' } })} | jq -r .state`,
        prints: 'cancelled',
      },
    ],
  },
  {
    id: 'retire',
    title: 'Give a name up',
    text: 'A retirement takes the records away and revokes the certificates. The name is then held back for the team for a while.',
    steps: [
      { says: 'Ask for its end.', command: ask('retire') },
      { says: 'Wait as before.', command: wait, prints: 'succeeded' },
    ],
  },
  {
    id: 'idempotency',
    title: 'Repeat safely',
    text: 'A POST with an Idempotency-Key is done once. The same key with the same body gets the same answer for seven days, as long as the asker still holds the roles and teams that they held; with another body it is refused. A key of a call that failed for a reason that may pass (retryable) is free again.',
    steps: [
      {
        says: 'Choose a key, and ask with it twice. The second answer is the first one again.',
        command: `KEY=$(openssl rand -hex 16)\nfor _ in 1 2; do\n  ${curl('/requests:check', {
          more: ['-H', ['Idempotency-Key: ', { expands: '$KEY' }], '-D', 'headers.txt', '-o', 'answer.json'],
          body: { contract: { ...contract, hostname: 'receipts.dev.example.test' } },
        })}\ndone\ngrep -i '^idempotency-replayed' headers.txt`,
        prints: 'Idempotency-Replayed: true',
      },
    ],
  },
  {
    id: 'paging',
    title: 'Read a list page by page',
    text: 'A list answers at most limit rows (50 where nothing is said, 200 at most) and nextCursor, which is null on the last page. A cursor belongs to one list and one order.',
    steps: [
      {
        says: 'Go on until there is no cursor.',
        command: `CURSOR=
while
  ${curl('/teams', {
    more: ['-G', '-d', 'limit=2', '--data-urlencode', ['cursor=', { expands: '$CURSOR' }]],
  }).replace('--data-urlencode "cursor=$CURSOR"', `\${CURSOR:+--data-urlencode "cursor=$CURSOR"}`)} > page.json
  jq -r '.rows[].slug' page.json
  CURSOR=$(jq -r '.nextCursor // empty' page.json)
  [ -n "$CURSOR" ]
do :; done`,
        prints: 'order-platform',
      },
    ],
  },
  {
    id: 'problems',
    title: 'Read what went wrong',
    text: 'A refusal is a problem document (RFC 9457). Match on code and on the rule of each violation: they stay the same. What says retryable may be sent again, after Retry-After where there is one. Every violation is told at once, with the field, the reason, what would mend it, and where it is explained.',
    steps: [
      {
        says: 'Ask for a name that nobody here may have.',
        command: `${curl('/requests', { body: { contract: { ...contract, hostname: 'invoices.example.org' } } })} > problem.json\njq -r .code problem.json`,
        prints: 'policy-denied',
      },
      {
        says: 'See why, and what would mend it.',
        command: `jq -r '.violations[] | .rule, .reason, .remedy, .type' problem.json`,
        prints: 'managed-zone',
      },
    ],
  },
];
