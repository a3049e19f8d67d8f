'use client';
// ⌘K: go to any name, serial, zone, team or page, or begin a request for what was typed.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { CornerDownLeft } from 'lucide-react';
import type { Route } from 'next';
import { useRouter } from 'next/navigation';
import { Dialog } from 'radix-ui';
import { useEffect, useState } from 'react';
import { isAuditor, isPlatform, useMe } from '@/features/account/use-me';
import { useTRPC } from '@/lib/trpc';
import { useDebounced } from '@/lib/use-debounced';

type Go = { label: string; href: string; note?: string };

export function CommandBox({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      onOpenChange(!open);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [open, onOpenChange]);
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-shade" />
        <Dialog.Content
          aria-describedby={undefined}
          className="-translate-x-1/2 fixed top-[12vh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-xl animate-rise overflow-hidden rounded-lg border border-line-strong bg-card shadow-[var(--float)]"
        >
          <Dialog.Title className="sr-only">Find and go</Dialog.Title>
          <Commands close={() => onOpenChange(false)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Commands({ close }: { close: () => void }) {
  const router = useRouter();
  const me = useMe();
  const trpc = useTRPC();
  const [text, setText] = useState('');
  const asked = useDebounced(text.trim(), 120);
  const { data, isError } = useQuery({
    ...trpc.account.search.queryOptions({ text: asked || '-' }),
    enabled: asked !== '',
    placeholderData: keepPreviousData,
  });
  const hits = asked === '' ? [] : (data?.hits ?? []);
  const pages = pagesOf(isPlatform(me), isAuditor(me)).filter((page) => page.label.toLowerCase().includes(text.trim().toLowerCase()));
  const named = /^[^\s/]+\.[^\s/.]+$/.test(text.trim());
  // What is found arrives after the rest is shown, and above it: it is what Enter means from then on.
  const [chosen, setChosen] = useState('');
  const first = hits[0] ? hitValue(hits[0]) : named ? 'request' : (pages[0]?.href ?? '');
  useEffect(() => setChosen(first), [first]);
  const go = (href: string) => {
    close();
    // Where a hit leads is said by the server; it is a path of this portal.
    router.push(href as Route);
  };
  return (
    <Command shouldFilter={false} label="Find and go" loop value={chosen} onValueChange={setChosen}>
      <Command.Input
        value={text}
        onValueChange={setText}
        placeholder="Name, serial, zone, team, page…"
        className="w-full border-line border-b bg-transparent px-4 py-3.5 text-base outline-none"
      />
      <Command.List className="max-h-[50vh] overflow-y-auto p-1.5">
        <Command.Empty className="px-3 py-6 text-center text-ink-2 text-sm">
          {isError ? 'The search did not answer. Try again.' : `Nothing is called “${text}”.`}
        </Command.Empty>
        {hits.length > 0 && (
          <Group heading="Found">
            {hits.map((hit) => (
              <Row key={hitValue(hit)} value={hitValue(hit)} onSelect={() => go(hit.href)}>
                <span className={hit.kind === 'team' ? 'font-[560]' : 'name min-w-0 font-[560]'}>{hit.title}</span>
                <span className="ml-auto shrink-0 truncate pl-3 text-ink-3 text-xs">{hit.text}</span>
              </Row>
            ))}
          </Group>
        )}
        {named && (
          <Group heading="Do">
            <Row value="request" onSelect={() => go(`/requests/new?hostname=${encodeURIComponent(text.trim())}`)}>
              Request <span className="name font-[560]">{text.trim()}</span>
            </Row>
          </Group>
        )}
        {pages.length > 0 && (
          <Group heading="Go to">
            {pages.map((page) => (
              <Row key={page.href} value={page.href} onSelect={() => go(page.href)}>
                {page.label}
              </Row>
            ))}
          </Group>
        )}
      </Command.List>
    </Command>
  );
}

const hitValue = (hit: { kind: string; href: string; title: string }): string => `${hit.kind}${hit.href}${hit.title}`;

function pagesOf(platform: boolean, auditor: boolean): Go[] {
  return [
    { label: 'Request a name', href: '/requests/new' },
    { label: 'Home', href: '/' },
    { label: 'Endpoints', href: '/endpoints' },
    { label: 'Requests', href: '/requests' },
    { label: 'Certificates', href: '/certificates' },
    { label: 'Zones', href: '/zones' },
    ...(platform ? [{ label: 'Connect a zone', href: '/zones/new' }] : []),
    { label: 'Grants', href: '/grants' },
    { label: 'Reservations', href: '/reservations' },
    { label: 'Issuers', href: '/issuers' },
    { label: 'Teams', href: '/teams' },
    ...(auditor ? [{ label: 'Audit', href: '/audit' }] : []),
    { label: 'Tokens', href: '/tokens' },
  ];
}

function Group({ heading, children }: { heading: string; children: React.ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-ink-3 [&_[cmdk-group-heading]]:text-xs"
    >
      {children}
    </Command.Group>
  );
}

function Row({ value, onSelect, children }: { value: string; onSelect: () => void; children: React.ReactNode }) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="group flex cursor-default items-center gap-1.5 rounded-sm px-2.5 py-2 text-sm data-[selected=true]:bg-accent-soft"
    >
      <span className="flex min-w-0 flex-1 items-center gap-1.5">{children}</span>
      <CornerDownLeft className="hidden size-3.5 shrink-0 text-ink-3 group-data-[selected=true]:block" aria-hidden />
    </Command.Item>
  );
}
