'use client';
import type { EndpointContract } from '@hostmaster/core/contract/endpoint';
import { Section } from '@/components/ui/card';
import { Code } from '@/components/ui/code';
import { toYaml } from '@/lib/format/yaml';

export function ContractCard({ contract, revision }: { contract: EndpointContract; revision: number }) {
  return (
    <Section title="Contract" note={`revision ${revision}, as approved`}>
      <Code text={toYaml(contract)} label="the contract as YAML" />
    </Section>
  );
}
