'use client';
import type { EndpointDetail } from '@hostmaster/core/contract/endpoint-view';
import { Section } from '@/components/ui/card';
import { Code } from '@/components/ui/code';
import { toYaml } from '@/lib/format/yaml';
import { contractWords } from './standing';

export function ContractCard({ endpoint }: { endpoint: EndpointDetail }) {
  return (
    <Section title="Contract" note={contractWords(endpoint)}>
      <Code text={toYaml(endpoint.contract)} label="the contract as YAML" />
    </Section>
  );
}
