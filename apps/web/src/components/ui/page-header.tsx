import type { Route } from 'next';
import type { ReactNode } from 'react';
import { Link } from './link';

/** The top of every page: where it stands, what it is, what can be done. */
export function PageHeader<Path extends string>({
  crumb,
  title,
  sub,
  actions,
}: {
  crumb?: { href: Route<Path>; label: string };
  title: ReactNode;
  sub?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <header className="mb-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        {crumb && (
          <nav aria-label="Breadcrumb" className="mb-0.5 text-sm">
            <Link href={crumb.href} className="rounded-[3px] text-ink-3 underline-offset-3 hover:text-ink hover:underline">
              {crumb.label}
            </Link>
          </nav>
        )}
        <h1 className="text-xl tracking-[-0.012em]">{title}</h1>
        {sub && <div className="mt-1 text-ink-2 text-sm">{sub}</div>}
      </div>
      {actions && <div className="flex flex-wrap gap-2 print:hidden">{actions}</div>}
    </header>
  );
}
