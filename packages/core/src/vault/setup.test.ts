import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { roleRefusal, vaultSetup } from './setup.ts';

const place = { mount: 'pki', role: 'web', namespace: '' };

it('what is set up is a policy for what Hostmaster asks, and a role for its suffixes', () => {
  const [policy, role, ...more] = vaultSetup(place, ['shop.test', 'corp.example.test']);
  expect(more).toEqual([]);
  expect(policy?.command).toBe(`vault policy write web - <<'EOF'
path "pki/sign/web" { capabilities = ["update"] }
path "pki/roles/web" { capabilities = ["read"] }
path "pki/certs" { capabilities = ["list"] }
path "pki/revoke" { capabilities = ["update"] }
EOF`);
  expect(role?.command.split(' \\\n  ').slice(0, 2)).toEqual([
    'vault write pki/roles/web',
    "'allowed_domains=shop.test,corp.example.test'",
  ]);
});

it('the guide has the same commands', () => {
  const guide = readFileSync(new URL('../../../../docs/guides/vault.md', import.meta.url), 'utf8');
  for (const { command } of vaultSetup({ ...place, role: 'hostmaster' }, ['corp.example.test'])) expect(guide).toContain(`${command}\n`);
});

it('in a namespace it is written there', () => {
  for (const { command } of vaultSetup({ ...place, namespace: 'team-a' }, ['shop.test'])) expect(command).toContain("'-namespace=team-a'");
});

it('a refusal says every rule that is in the way, and one command for all of them', () => {
  const faults = [
    { rule: 'key_type', says: 'signs no such key', change: { key_type: 'any' } },
    { rule: 'allowed_domains', says: 'does not sign for it', change: { allowed_domains: '*.shop.test' } },
  ] as const;
  expect(roleRefusal('corp', { ...place, mount: 'team/pki', namespace: 'a/b' }, faults)).toMatchObject({
    code: 'issuer-refused',
    message:
      "The role web at team/pki of corp signs no such key (key_type); it does not sign for it (allowed_domains). Whoever runs it allows that with: vault patch '-namespace=a/b' team/pki/roles/web 'key_type=any' 'allowed_domains=*.shop.test'",
  });
});
