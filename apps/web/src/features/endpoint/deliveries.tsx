// Where the certificate was handed to, by name, and what was seen held there.

import type { EndpointDetail } from '@hostmaster/core/contract/endpoint-view';
import { Section } from '@/components/ui/card';
import { CopyButton } from '@/components/ui/copy-button';
import { Link } from '@/components/ui/link';
import { Mark } from '@/components/ui/mark';
import { Time } from '@/components/ui/time';
import { brief } from '@/lib/format/text';

type Delivery = EndpointDetail['deliveries'][number];

export function Deliveries({
  deliveries,
  current,
}: {
  deliveries: readonly Delivery[] /** Serial of the certificate in use. */;
  current: string | null;
}) {
  if (deliveries.length === 0) return null;
  return (
    <Section title="Delivered to">
      <ul className="grid gap-3">
        {deliveries.map((delivery) => (
          <li key={`${delivery.destination} ${delivery.place}`} className="grid grid-cols-[1rem_minmax(0,1fr)] gap-x-2.5 text-sm">
            <Mark state={delivery.serial !== null && delivery.serial === current ? 'ok' : 'wait'} className="mt-0.75" />
            <div className="min-w-0">
              <p className="font-[560]">{delivery.destination ?? 'The directory of the worker'}</p>
              <p className="name break-words text-xs">{delivery.place}</p>
              {delivery.reference && (
                <p className="flex min-w-0 items-start gap-1 text-xs">
                  <span className="data min-w-0 break-all">{delivery.reference}</span>
                  <CopyButton text={delivery.reference} label="Copy what it is called there" />
                </p>
              )}
              <p className="text-ink-2">
                <Held delivery={delivery} />, seen <Time at={delivery.seenAt} />
                {delivery.deliveredAt && (
                  <>
                    , put there <Time at={delivery.deliveredAt} />
                  </>
                )}
              </p>
              {delivery.usedBy.length > 0 && (
                <p className="text-ink-2">
                  In use by <span className="data break-all text-xs">{delivery.usedBy.join(', ')}</span>
                </p>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Held({ delivery: { serial, fingerprint } }: { delivery: Delivery }) {
  if (fingerprint === null) return 'It holds none';
  if (serial === null) return 'It holds one of another endpoint';
  return (
    <>
      It holds{' '}
      <Link href={`/certificates/${serial}`} className="data rounded-[3px] text-accent hover:underline" title={serial}>
        {brief(serial)}
      </Link>
    </>
  );
}
