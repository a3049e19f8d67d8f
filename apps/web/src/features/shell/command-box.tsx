'use client';
// ⌘K or Ctrl+K: go to any name, serial, zone, team or page, or begin a request for what was typed.
import type { searchResult } from '@hostmaster/core/contract/account';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { CornerDownLeft } from 'lucide-react';
import type { Route } from 'next';
import { useRouter } from 'next/navigation';
import { Dialog } from 'radix-ui';
import { useEffect, useState } from 'react';
import type { z } from 'zod';
import { useMe } from '@/features/account/use-me';
import { routeOf } from '@/lib/routes';
import { useTRPC } from '@/lib/trpc';
import { useDebounced } from '@/lib/use-debounced';
import { pagesFor } from './pages';
import { typedAs } from './typed';

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
  const [typed, setTyped] = useState('');
  const text = typed.trim();
  const { hits, nothing, failed } = useHits(text);
  const pages = pagesFor(me).filter((page) => page.label.toLowerCase().includes(text.toLowerCase()));
  const as = typedAs(text);
  // What is found arrives after the rest is shown, and above it: it is what Enter means from then on.
  const [chosen, setChosen] = useState('');
  const first = hits[0] ? keyOf(hits[0]) : as === 'name' ? 'request' : (pages[0]?.href ?? 'filter');
  useEffect(() => setChosen(first), [first]);
  const go = <Path extends string>(href: Route<Path>) => {
    close();
    router.push(href);
  };
  return (
    <Command shouldFilter={false} label="Find and go" loop value={chosen} onValueChange={setChosen}>
      <Command.Input
        value={typed}
        onValueChange={setTyped}
        maxLength={longest}
        placeholder="Name, address, serial, zone, team, page…"
        className="w-full border-line border-b bg-transparent px-4 py-3.5 text-base outline-none"
      />
      <p role="status" className="px-4 text-ink-2 text-sm not-empty:pt-3.5 not-empty:pb-1">
        {failed ? 'The search did not answer. Try again.' : nothing && pages.length === 0 ? `Nothing is called “${text}”.` : null}
      </p>
      <Command.List className="max-h-[50vh] overflow-y-auto p-1.5">
        {hits.length > 0 && (
          <Group heading="Found">
            {hits.map((hit) => (
              <Row key={keyOf(hit)} value={keyOf(hit)} onSelect={() => go(routeOf(hit))}>
                <span className={hit.kind === 'team' ? 'font-[560]' : 'name min-w-0 font-[560]'}>{hit.title}</span>
                <span className="ml-auto shrink-0 truncate pl-3 text-ink-3 text-xs max-sm:ml-0 max-sm:basis-full max-sm:pl-0">
                  {hit.text}
                </span>
              </Row>
            ))}
          </Group>
        )}
        {/* With a text there is always something to do with it: a list without an option is none to a reader. */}
        {text !== '' && (
          <Group heading="Do">
            {as === 'name' && (
              <Row value="request" onSelect={() => go(`/requests/new?hostname=${encodeURIComponent(text)}`)}>
                Request <span className="name font-[560]">{text}</span>
              </Row>
            )}
            <Row value="filter" onSelect={() => go(`/endpoints?q=${encodeURIComponent(text)}`)}>
              {as === 'address' ? 'Endpoints that lead to' : 'Filter endpoints by'} <span className="name truncate font-[560]">{text}</span>
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

const longest = 253;
type Hit = z.output<typeof searchResult>['hits'][number];
const keyOf = ({ kind, id }: Hit): string => `${kind} ${id}`;

/** What the server finds, asked 120 ms after the last key; `nothing` once it has said so of this very text. */
function useHits(text: string) {
  const trpc = useTRPC();
  const asked = useDebounced(text, 120);
  const { data, isError, isPlaceholderData } = useQuery({
    ...trpc.account.search.queryOptions({ text: asked || '-' }),
    enabled: asked !== '',
    placeholderData: keepPreviousData,
  });
  const hits: readonly Hit[] = asked === '' ? [] : (data?.hits ?? []);
  const nothing = asked !== '' && asked === text && data !== undefined && !isPlaceholderData && hits.length === 0;
  return { hits, nothing, failed: isError };
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
      <span className="flex min-w-0 flex-1 items-center gap-x-1.5 max-sm:flex-wrap">{children}</span>
      <CornerDownLeft className="hidden size-3.5 shrink-0 text-ink-3 group-data-[selected=true]:block" aria-hidden />
    </Command.Item>
  );
}
