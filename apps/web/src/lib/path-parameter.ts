import { slug } from '@hostmaster/core/contract/endpoint';
import { id } from '@hostmaster/core/contract/page';
import { notFound } from 'next/navigation';

/** The id in an address; what cannot be one leads to "not found" before anything is asked. */
export function needId(text: string): string {
  const parsed = id.safeParse(text);
  return parsed.success ? parsed.data : notFound();
}

/** The short name in an address. */
export function needSlug(text: string): string {
  const parsed = slug.safeParse(text);
  return parsed.success ? parsed.data : notFound();
}
