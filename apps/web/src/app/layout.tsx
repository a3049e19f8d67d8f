import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './globals.css';
import type { Metadata } from 'next';
import { cookies, headers } from 'next/headers';
import type { ReactNode } from 'react';
import { Providers } from './providers.tsx';

export const metadata: Metadata = { title: { default: 'Hostmaster', template: '%s · Hostmaster' } };

/**
 * The theme and whose keyboard it is are read here, so that the first byte is right and nothing flashes; without the cookie,
 * the system decides on the theme.
 */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = (await cookies()).get('theme')?.value;
  const apple = /Mac OS X|iPhone|iPad/.test((await headers()).get('user-agent') ?? '');
  return (
    <html lang="en" data-theme={theme === 'light' || theme === 'dark' ? theme : undefined} data-keys={apple ? 'apple' : undefined}>
      <body>
        <Providers renderedAt={Date.now()}>{children}</Providers>
      </body>
    </html>
  );
}
