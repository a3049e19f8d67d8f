'use client';
// Keys of every page: through the rows of a list by J and K, and by ? what keys there are.
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Dialog } from '@/components/ui/dialog';
import { Kbd } from '@/components/ui/kbd';
import { useSingleKey } from './preferences';

const keys = [
  { key: 'K', mod: true, does: 'Find a name, a serial, a zone, a team or a page' },
  { key: 'C', does: 'Request a name' },
  { key: 'J', does: 'The next row of a list, or the next request to review' },
  { key: 'K', does: 'The row before' },
  { key: '↵', does: 'Open the row' },
  { key: 'A', does: 'Approve the request that is shown' },
  { key: 'R', does: 'Reject it' },
  { key: '↵', mod: true, does: 'Send the form' },
  { key: '?', does: 'Show this' },
];

export function Shortcuts() {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  useSingleKey('c', () => router.push('/requests/new'));
  useSingleKey('j', () => moveBy(1));
  useSingleKey('k', () => moveBy(-1));
  useSingleKey('?', () => setOpen(true));
  return (
    <Dialog open={open} onOpenChange={setOpen} title="Keys" description="Single keys can be switched off in the menu of your account.">
      <dl className="grid grid-cols-[4.5rem_1fr] items-baseline gap-y-2 text-sm">
        {keys.map(({ key, mod, does }) => (
          <div key={does} className="contents">
            <dt>
              <Kbd shown mod={mod}>
                {key}
              </Kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

/**
 * From the row that has the focus, or something in it, to another one; to the first where none has it. What leads on from the row
 * gets the focus, or the row itself, from where Tab leads to its controls. False where there are no rows.
 */
function moveBy(step: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('main tr:is([data-listed], :has(.row-link))')];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const row = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
  (row?.querySelector<HTMLElement>('.row-link') ?? row)?.focus();
  return rows.length > 0;
}
