'use client';
// What each person sees of a wide table: the choice of columns, kept in a cookie, and the menu that makes it.
import { Columns3 } from 'lucide-react';
import { createContext, type ReactNode, use, useState } from 'react';
import { type ColumnChoices, columnCookie, writeColumnChoices } from '@/lib/column-choice';
import { writeCookie } from '@/lib/cookie';
import { Button } from './button';
import { Menu, MenuAction, MenuCheck, MenuLine } from './menu';
import type { TableModel } from './table-model';

type Chosen = { readonly choices: ColumnChoices; readonly choose: (table: string, columns: Record<string, boolean>) => void };
const Choices = createContext<Chosen>({ choices: {}, choose: () => undefined });

/** Around all pages; `initial` is what the cookie of the request says. */
export function ColumnChoiceProvider({ initial, children }: { initial: ColumnChoices; children: ReactNode }) {
  const [choices, setChoices] = useState(initial);
  const choose: Chosen['choose'] = (table, columns) => {
    const next = { ...choices, [table]: columns };
    setChoices(next);
    writeCookie(columnCookie, writeColumnChoices(next));
  };
  return <Choices value={{ choices, choose }}>{children}</Choices>;
}

/** The choice for one table, by the id of the column, and the way to change it. */
export function useColumnChoice(table: string) {
  const { choices, choose } = use(Choices);
  return { chosen: choices[table] ?? {}, choose: (columns: Record<string, boolean>) => choose(table, columns) };
}

/** Which columns are shown; from the width on at which they all have room. */
export function ColumnMenu<Row extends object>({ table }: { table: TableModel<Row> }) {
  const columns = table.getAllLeafColumns().filter((column) => column.getCanHide());
  return (
    <Menu
      label="Columns"
      trigger={
        <Button size="sm" className="max-lg:hidden">
          <Columns3 aria-hidden /> Columns
        </Button>
      }
    >
      {columns.map((column) => (
        <MenuCheck key={column.id} checked={column.getIsVisible()} onChange={(shown) => column.toggleVisibility(shown)}>
          {column.columnDef.meta?.header}
        </MenuCheck>
      ))}
      <MenuLine />
      <MenuAction onSelect={() => table.resetColumnVisibility(true)}>The usual columns</MenuAction>
    </Menu>
  );
}
