import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { addressHeader } from './own-address.ts';

/** Leads somebody whose session does not count (any more) to the sign-in, and from there back to the page. */
export async function signInFirst(): Promise<never> {
  const address = (await headers()).get(addressHeader) ?? '/';
  return redirect(address === '/' ? '/sign-in' : `/sign-in?${new URLSearchParams({ callbackUrl: address })}`);
}
