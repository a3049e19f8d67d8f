import { slug } from '@hostmaster/core/contract/endpoint';
import { id } from '@hostmaster/core/contract/page';
import { notFound } from 'next/navigation';

/** The id in an address; what cannot be one leads to "not found" before anything is asked. */
export function needId(text: string): string {
  const parsed = id.safeParse(text);
  return parsed.success ? parsed.data : notFound();
}

/** A text in an address; what is not percent-encoded UTF-8 leads to "not found" too. */
export function needText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return notFound();
  }
}

/** The short name in an address. */
export function needSlug(text: string): string {
  const parsed = slug.safeParse(text);
  return parsed.success ? parsed.data : notFound();
}
