'use client';
import { useQuery } from '@tanstack/react-query';
import { Section } from '@/components/ui/card';
import { Code } from '@/components/ui/code';
import { TextLink } from '@/components/ui/link';
import { useTRPC } from '@/lib/trpc';
import { commandsFor } from './commands';

/** Proof for one's own terminal: the lines that ask the name server and the endpoint themselves. */
export function TryIt({ endpointId }: { endpointId: string }) {
  const trpc = useTRPC();
  const { data } = useQuery({ ...trpc.endpoints.get.queryOptions({ id: endpointId }), staleTime: 5000 });
  if (!data) return null;
  const { dig, curl } = commandsFor(data);
  return (
    <Section title="See for yourself" note={curl?.includes('root.pem') ? <RootNote /> : undefined}>
      <div className="grid gap-2">
        <Code text={dig} label="the dig line" wrap />
        {curl && <Code text={curl} label="the curl line" wrap />}
      </div>
    </Section>
  );
}

const RootNote = () => (
  <>
    <code className="data">root.pem</code> is the root certificate of the <TextLink href="/issuers">issuer</TextLink>.
  </>
);
