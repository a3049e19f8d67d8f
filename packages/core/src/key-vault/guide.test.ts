// What the guide has an operator write is what the portal shows, and what it quotes of Key Vault is said.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { grantCommand, importingRights, keyVaultSetup, orderingRights, orderTag, policyCommand, vaultOf } from './setup.ts';
import { isCompleted, isInProgress, type OperationSaid, overWords } from './words.ts';

const guide = await readFile(new URL('../../../../docs/guides/key-vault.md', import.meta.url), 'utf8');
const delivering = await readFile(new URL('../../../../docs/guides/deliver-certificates.md', import.meta.url), 'utf8');
const said = (more: Partial<OperationSaid>): OperationSaid => ({ status: 'failed', details: '', error: null, ...more });

describe('the guide', () => {
  it('has the commands that the portal shows', () => {
    const [block] = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = '']) => text.trim());
    expect(block).toBe(
      keyVaultSetup('https://shop.vault.azure.net')
        .map(({ command }) => command)
        .join('\n'),
    );
  });

  it('has the command for a vault with access policies, and says of every right what it is for', () => {
    expect(guide).toContain(policyCommand('shop', '04b07795-8ddb-461a-bbee-02f9e1bf7b46', orderingRights));
    for (const right of orderingRights) expect(guide).toMatch(new RegExp(`^\\| .*\`${right}\``, 'm'));
    for (const right of importingRights) expect(delivering).toContain(`\`${right}\``);
  });

  it('names the tag of what is ordered', () => expect(guide).toContain(`\`${orderTag}\``));

  it('quotes what is said of an operation that comes to nothing', () => {
    for (const code of ['Request rejected', 'Certificate issuer error'])
      expect(guide).toContain((overWords(said({ error: { code, message: 'X' } })) ?? '').split(': X')[0]);
  });
});

describe('what a vault says', () => {
  it.each([
    [said({ error: { code: 'Request rejected', message: 'No.' } }), /^the operation is failed \(Request rejected\): No\. That is: the CA/],
    [said({ error: { code: 'Other', message: '' } }), 'the operation is failed (Other): it says no more.'],
    [said({ status: 'cancelled', details: 'By somebody' }), 'the operation is cancelled: By somebody.'],
    [said({ status: '' }), 'the operation is over.'],
    [said({ status: 'fa\u202Eiled', error: { code: '\u0000', message: 'x'.repeat(5000) } }), /^the operation is fa iled \(\): x{300}…\.$/],
  ])('of %j is told', (words, told) => expect(overWords(words)).toMatch(told));

  it.each(['inProgress', 'InProgress', 'completed', 'Completed'])('of an operation that is %s is no end', (status) => {
    expect(overWords(said({ status }))).toBeNull();
    expect(isInProgress({ status }) !== isCompleted({ status })).toBe(true);
  });
});

it.each([
  ['https://shop.vault.azure.cn', 'shop'],
  ['https://localhost:8443', 'localhost'],
  ['https://shop$(id).vault.azure.net', 'VAULT'],
  ["https://shop';id.vault.azure.net", 'VAULT'],
])('the vault at %s is named %s in a command, as no shell reads it as anything else', (address, vault) => {
  expect(grantCommand(vaultOf(address))).toContain(`$(az keyvault show --name ${vault} --query id --output tsv)`);
});
