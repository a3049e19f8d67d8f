'use client';
// What would mend something, to whoever reads it: the one who holds the role that it sends others to is told that, and where.
import { createContext, type ReactNode, use } from 'react';
import { ownPlace } from '@/lib/own-remedy';
import { TextLink } from './link';

const PlatformAdmin = createContext(false);

/** Around the portal: whether its reader is a platform admin. */
export const Reader = ({ platform, children }: { platform: boolean; children: ReactNode }) => (
  <PlatformAdmin value={platform}>{children}</PlatformAdmin>
);

export function Remedy({ text }: { text: string }) {
  const place = use(PlatformAdmin) ? ownPlace(text) : null;
  if (place === null) return text;
  return (
    <>
      {text} You are a platform admin yourself
      {place.href === null ? (
        '.'
      ) : (
        <>
          : <TextLink href={place.href}>{place.label}</TextLink>.
        </>
      )}
    </>
  );
}
