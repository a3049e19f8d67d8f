'use client';
import { ChevronsUpDown, KeyRound, LogOut, UserRound } from 'lucide-react';
import { signOut } from 'next-auth/react';
import { useState } from 'react';
import { Link } from '@/components/ui/link';
import { Menu, MenuAction, MenuCheck, MenuChoice, MenuLine, MenuLink } from '@/components/ui/menu';
import { roleWords } from '@/features/account/roles';
import { useMe } from '@/features/account/use-me';
import { forgetDrafts } from '@/lib/draft';
import { chooseSingleKeys, chooseTheme, currentTheme, singleKeysOn, type Theme } from './preferences';

export function AccountMenu({ theme: rendered }: { theme: Theme }) {
  const me = useMe();
  const [theme, setTheme] = useState<Theme>(rendered);
  const [keys, setKeys] = useState(true);
  const about = [...me.roles.map((role) => roleWords[role]), ...me.teams.map((team) => team.slug)];
  return (
    <Menu
      label="Account"
      side="top"
      onOpen={() => {
        setTheme(currentTheme());
        setKeys(singleKeysOn());
      }}
      trigger={
        <button
          type="button"
          className="flex w-full items-center justify-between gap-2 rounded-sm px-2 py-1.5 text-left hover:bg-none-soft data-[state=open]:bg-none-soft"
        >
          <span className="min-w-0">
            <span className="block truncate font-[560] text-sm">{me.name}</span>
            <span className="block truncate text-ink-3 text-xs">{about.join(' · ') || me.email}</span>
          </span>
          <ChevronsUpDown className="size-3.5 shrink-0 text-ink-3" aria-hidden />
        </button>
      }
    >
      {me.email && <p className="truncate px-2 pt-1.5 pb-1 text-ink-3 text-xs">{me.email}</p>}
      <MenuLink>
        <Link href="/account">
          <UserRound aria-hidden /> Your account
        </Link>
      </MenuLink>
      <MenuLink>
        <Link href="/tokens">
          <KeyRound aria-hidden /> Tokens
        </Link>
      </MenuLink>
      <MenuLine />
      <MenuChoice
        label="Appearance"
        value={theme}
        onChange={(next) => {
          setTheme(next);
          chooseTheme(next);
        }}
        options={[
          { value: 'system', label: 'As the system' },
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
        ]}
      />
      <MenuLine />
      <MenuCheck
        checked={keys}
        onChange={(on) => {
          setKeys(on);
          chooseSingleKeys(on);
        }}
      >
        Single-key shortcuts
      </MenuCheck>
      <MenuLine />
      <MenuAction
        onSelect={() => {
          forgetDrafts(sessionStorage);
          void signOut({ callbackUrl: '/sign-in' });
        }}
      >
        <LogOut aria-hidden /> Sign out
      </MenuAction>
    </Menu>
  );
}
