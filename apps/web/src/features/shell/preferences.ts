'use client';
// What a person chose about the portal itself, kept in cookies.
import { useEffect, useRef } from 'react';
import { readCookie, writeCookie } from '@/lib/cookie';

export type Theme = 'system' | 'light' | 'dark';

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

/** Runs `act` when the single key is pressed anywhere but in a text or an open dialog; where it answers false, the key is left to others. */
export function useSingleKey(key: string, act: (() => unknown) | null): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== key || event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      if (!latest.current || takesText(event.target) || document.querySelector('[role="dialog"]') || !singleKeysOn()) return;
      if (latest.current() !== false) event.preventDefault();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [key]);
}
