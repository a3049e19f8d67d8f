'use client';
// The frame of every page: the rail on wide windows, a bar with a menu on narrow ones, and the command box over all of it.
import { Menu as MenuIcon, Search } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Kbd } from '@/components/ui/kbd';
import { Link } from '@/components/ui/link';
import { Reader } from '@/components/ui/remedy';
import { isPlatform } from '@/features/account/roles';
import { useMe } from '@/features/account/use-me';
import { AccountMenu } from './account-menu';
import { Brand } from './brand';
import { CommandBox } from './command-box';
import { Nav } from './nav';
import { NobodyWorks } from './nobody-works';
import type { Theme } from './preferences';
import { Shortcuts } from './shortcuts';
import { StaleBar } from './stale-bar';

export function Shell({ theme, children }: { theme: Theme; children: ReactNode }) {
  const [commands, setCommands] = useState(false);
  const [menu, setMenu] = useState(false);
  const main = useFocusAfterNavigation();
  return (
    <>
      <a
        href="#content"
        className="-translate-y-20 fixed top-2 left-2 z-50 rounded-sm bg-ink px-3 py-2 text-paper text-sm focus-visible:translate-y-0"
      >
        Skip to the content
      </a>
      <div className="min-h-dvh print:block rail:grid rail:grid-cols-[13.75rem_minmax(0,1fr)]">
        <header className="sticky top-0 hidden h-dvh flex-col overflow-y-auto border-line border-r bg-sunken px-3 pt-4 pb-2.5 print:hidden rail:flex">
          <Link href="/" className="mb-3.5 self-start rounded-sm px-2" aria-label="Hostmaster, home">
            <Brand />
          </Link>
          <button
            type="button"
            onClick={() => setCommands(true)}
            className="mb-4 flex items-center gap-2 rounded-sm border border-line-strong bg-card px-2 py-1.5 text-ink-3 text-sm shadow-[var(--lift)] hover:border-ink-3"
          >
            <Search className="size-3.5" aria-hidden />
            <span className="flex-1 text-left">Find…</span>
            <Kbd mod>K</Kbd>
          </button>
          <Nav />
          <div className="mt-auto pt-4">
            <AccountMenu theme={theme} />
          </div>
        </header>
        <header className="sticky top-0 z-30 flex items-center gap-1 border-line border-b bg-sunken px-4 py-2 print:hidden rail:hidden">
          <Link href="/" className="mr-auto rounded-sm" aria-label="Hostmaster, home">
            <Brand />
          </Link>
          <Button look="bare" size="icon" aria-label="Find" onClick={() => setCommands(true)}>
            <Search aria-hidden />
          </Button>
          <Dialog
            title="Menu"
            open={menu}
            onOpenChange={setMenu}
            trigger={
              <Button look="bare" size="icon" aria-label="Menu">
                <MenuIcon aria-hidden />
              </Button>
            }
          >
            <Nav onGo={() => setMenu(false)} />
            <div className="mt-4 border-line border-t pt-3">
              <AccountMenu theme={theme} />
            </div>
          </Dialog>
        </header>
        <main ref={main} id="content" tabIndex={-1} className="mx-auto w-full min-w-0 max-w-[77.5rem] px-4 pt-5 pb-16 sm:px-7 rail:pt-7">
          <NobodyWorks />
          <StaleBar />
          <Reader platform={isPlatform(useMe())}>{children}</Reader>
        </main>
      </div>
      <CommandBox open={commands} onOpenChange={setCommands} />
      <Shortcuts />
    </>
  );
}

/** A link that is gone with its page takes the focus with it: it goes on at the new page, not at the top of everything. */
function useFocusAfterNavigation() {
  const path = usePathname();
  const main = useRef<HTMLElement>(null);
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    if (document.activeElement === document.body) main.current?.focus({ preventScroll: true });
  }, [path]);
  return main;
}
