'use client';
import { useSyncExternalStore } from 'react';

const never = () => () => {};

/** Whether the page has come to life: false in the markup that the server sends, until its scripts have taken it over. */
export const useAlive = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
