'use client';
// The list as a file: the current filter, page after page, put together in the browser.
import type { EndpointRow } from '@hostmaster/core/contract/endpoint-view';
import { useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { toCsv } from '@/lib/format/csv';
import { grouped, plural } from '@/lib/format/text';
import { problemOf } from '@/lib/problem';
import { saveFile } from '@/lib/save-file';
import { useTRPC } from '@/lib/trpc';
import { type EndpointSearch, endpointsInput } from './endpoint-search';

const most = 10_000;
const page = 200;

/** The columns of the file: the heading of each, and what stands below it. */
const columns = {
  hostname: (row) => row.hostname,
  unicode: (row) => row.unicode,
  view: (row) => row.view,
  team: (row) => row.team,
  environment: (row) => row.environment,
  zone: (row) => row.zone,
  state: (row) => row.state,
  summary: (row) => row.summary,
  serial: ({ certificate }) => certificate?.serial ?? null,
  expires: ({ certificate }) => certificate?.notAfter ?? null,
  changed: (row) => row.changedAt,
  checked: (row) => row.checkedAt,
} satisfies Record<string, (row: EndpointRow) => string | null>;
const cells = (row: EndpointRow) => Object.values(columns).map((cell) => cell(row));

export function ExportButton({ search }: { search: EndpointSearch }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [read, setRead] = useState<number | null>(null);
  const save = async () => {
    if (read !== null) return;
    setRead(0);
    try {
      const rows: EndpointRow[] = [];
      let cursor: string | null = '';
      while (cursor !== null && rows.length < most) {
        const input = { ...endpointsInput({ ...search, cursor }), limit: page };
        const answer: { rows: EndpointRow[]; nextCursor: string | null } = await queries.fetchQuery({
          ...trpc.endpoints.list.queryOptions(input),
          staleTime: 0,
          gcTime: 0,
        });
        rows.push(...answer.rows);
        setRead(rows.length);
        cursor = answer.nextCursor;
      }
      saveFile(toCsv(Object.keys(columns), rows.map(cells)), 'endpoints.csv', 'text/csv;charset=utf-8');
      if (cursor === null) toast.success(`${plural(rows.length, 'endpoint')} saved as endpoints.csv.`);
      else toast.warning(`The first ${grouped(rows.length)} are saved; there are more. Filter the list to export the rest.`);
    } catch (error) {
      toast.error(problemOf(error).detail);
    } finally {
      setRead(null);
    }
  };
  return (
    <Button size="sm" busy={read !== null && `${grouped(read)} read…`} onClick={() => void save()}>
      <Download aria-hidden /> Export CSV
    </Button>
  );
}
