import { type ClassValue, clsx } from 'clsx';
import { extendTailwindMerge } from 'tailwind-merge';

/** Our own text sizes must not be mistaken for text colours, which is what tailwind-merge would guess. */
const merge = extendTailwindMerge({ extend: { theme: { text: ['2xs', 'name'] } } });

/** Class names, later ones winning over earlier ones of the same kind. */
export function cn(...values: ClassValue[]): string {
  return merge(clsx(values));
}
