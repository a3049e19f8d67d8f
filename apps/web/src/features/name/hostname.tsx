import { Fragment } from 'react';
import { cn } from '@/lib/class-names';
import { segments } from './segments';

/** A hostname in a row: its own part strong, the zone it stands in quiet; its first label where the zone is not known. */
export function Hostname({ name, zone, className }: { name: string; zone?: string | null; className?: string }) {
  const parts = segments(name, zone ?? null, null);
  const own = zone ? (parts.find((part) => part.kind === 'yours')?.text ?? name) : (name.split('.')[0] ?? name);
  const rest = name.slice(own.length);
  return (
    <span className={cn('name', className)}>
      <b className="font-[620]">
        <Labels text={own} />
      </b>
      {rest && (
        <span className="text-ink-3">
          <Labels text={rest} />
        </span>
      )}
    </span>
  );
}

/** The name as the title of its own page. */
export function NameTitle({ name, zone }: { name: string; zone?: string | null }) {
  return <Hostname name={name} zone={zone ?? null} className="font-[450] text-lg sm:text-name" />;
}

/** A name that does not fit breaks between its labels, before the dot. */
export function Labels({ text }: { text: string }) {
  const labels = text.split('.');
  let from = 0;
  return labels.map((label, index) => {
    const at = from;
    from += label.length + 1;
    return (
      <Fragment key={at}>
        {index > 0 && (
          <>
            <wbr />.
          </>
        )}
        {label}
      </Fragment>
    );
  });
}
