'use client';
// What a person chose about the portal itself. Kept in cookies, so that the server renders the first byte accordingly and
// nothing flashes; none of it is secret.
import { useEffect, useRef } from 'react';

export type Theme = 'system' | 'light' | 'dark';
const year = 31_536_000;

const writeCookie = (name: string, value: string | null): void => {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that we support
  document.cookie = `${name}=${value ?? ''}; path=/; max-age=${value === null ? 0 : year}; samesite=lax`;
};

const readCookie = (name: string): string | null =>
  document.cookie
    .split('; ')
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? null;

export function currentTheme(): Theme {
  const value = readCookie('theme');
  return value === 'light' || value === 'dark' ? value : 'system';
}

export function chooseTheme(theme: Theme): void {
  writeCookie('theme', theme === 'system' ? null : theme);
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** Single keys as shortcuts can be switched off (WCAG 2.1.4): speech input would press them by accident. */
export const singleKeysOn = (): boolean => readCookie('keys') !== 'off';
export const chooseSingleKeys = (on: boolean): void => writeCookie('keys', on ? null : 'off');

const takesText = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input, textarea, select, [role="combobox"], [role="menu"] *'));

/** Runs `act` when the single key is pressed anywhere but in a text or an open dialog. */
export function useSingleKey(key: string, act: (() => void) | null): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== key || event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      if (!latest.current || takesText(event.target) || document.querySelector('[role="dialog"]') || !singleKeysOn()) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [key]);
}
