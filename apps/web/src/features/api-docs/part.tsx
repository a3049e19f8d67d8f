import type { ReactNode } from 'react';

export const Links = ({ links }: { links: readonly (readonly [href: string, text: string])[] }) => (
  <ul className="flex flex-wrap gap-x-4 gap-y-1">
    {links.map(([href, text]) => (
      <li key={href}>
        <a className="underline" href={href}>
          {text}
        </a>
      </li>
    ))}
  </ul>
);

export const Part = ({ id, children }: { id: string; children: ReactNode }) => (
  <section id={id} aria-labelledby={`${id}-title`} className="grid grid-cols-[minmax(0,1fr)] gap-8">
    <h2 id={`${id}-title`} className="text-xl font-semibold">
      {id}
    </h2>
    {children}
  </section>
);
