import { expect, it } from 'vitest';
import { aliasesOf } from './certificate.ts';

it('nothing is proved before ACM has said every alias that it looks for', () => {
  const record = { Name: '_A.Example.test.', Type: 'CNAME', Value: '_b.acm-validations.aws.' } as const;
  const [said, unsaid] = [{ DomainName: 'example.test', ResourceRecord: record }, { DomainName: 'www.example.test' }];
  expect(aliasesOf([said, unsaid])).toBeNull();
  expect(aliasesOf([])).toBeNull();
  expect(aliasesOf([said, { ...said, DomainName: '*.example.test' }])).toEqual([
    { name: '_a.example.test', target: '_b.acm-validations.aws' },
  ]);
});
