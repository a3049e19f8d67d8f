'use client';
// When certificates expire, by week, for a year. A bar is pressed to see its certificates; under the picture every week is a
// button too, so that the same works from a keyboard and is read aloud.
import type { ExpiryBoard } from '@hostmaster/core/contract/certificate';
import { Bar, BarChart, Cell, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { plural } from '@/lib/format/text';
import { dayAndMonth } from '@/lib/format/time';

type Week = ExpiryBoard['weeks'][number];

export function ExpiryBars({ weeks, chosen, onChoose }: { weeks: readonly Week[]; chosen: string; onChoose: (week: string) => void }) {
  const busy = weeks.filter((week) => week.count > 0);
  return (
    <div>
      <div aria-hidden className="h-40 [&_*]:outline-none">
        <ResponsiveContainer width="100%" height="100%">
          <BarChart data={[...weeks]} margin={{ top: 8, right: 18, bottom: 0, left: 18 }} barCategoryGap="22%" accessibilityLayer={false}>
            <XAxis
              dataKey="week"
              interval="equidistantPreserveStart"
              minTickGap={18}
              tickFormatter={dayAndMonth}
              tickLine={false}
              axisLine={{ stroke: 'var(--line-strong)' }}
              tick={{ fill: 'var(--ink-3)', fontSize: 11 }}
              tickMargin={6}
            />
            <YAxis hide allowDecimals={false} domain={[0, (highest: number) => Math.max(4, highest)]} />
            <Tooltip cursor={{ fill: 'var(--none-soft)' }} content={<Hint />} isAnimationActive={false} />
            <Bar
              dataKey="count"
              radius={[3, 3, 0, 0]}
              minPointSize={(value) => (value ? 4 : 0)}
              isAnimationActive={false}
              onClick={(_, index) => onChoose(weeks[index]?.week ?? '')}
              className="cursor-pointer"
            >
              {weeks.map((week, index) => (
                <Cell
                  key={week.week}
                  fill={index < 2 ? 'var(--bad)' : index < 5 ? 'var(--wait)' : 'var(--accent)'}
                  fillOpacity={chosen === '' ? 0.85 : chosen === week.week ? 1 : 0.3}
                />
              ))}
            </Bar>
          </BarChart>
        </ResponsiveContainer>
      </div>
      {busy.length > 0 ? (
        <ul aria-label="Weeks with expiries" className="relative mt-3 flex flex-wrap gap-1.5">
          {busy.map((week) => (
            <li key={week.week}>
              <button
                type="button"
                aria-pressed={chosen === week.week}
                onClick={() => onChoose(chosen === week.week ? '' : week.week)}
                className="whitespace-nowrap rounded-full border border-line px-2 py-0.5 text-ink-2 text-xs tabular-nums hover:border-ink-3 hover:text-ink aria-pressed:border-transparent aria-pressed:bg-accent-soft aria-pressed:font-[560] aria-pressed:text-accent"
              >
                {dayAndMonth(week.week)} <b className="font-[620]">{week.count}</b>
                <span className="sr-only"> expire in that week</span>
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <p className="mt-2 text-ink-3 text-xs">Nothing expires within a year.</p>
      )}
    </div>
  );
}

function Hint({ active, payload }: { active?: boolean; payload?: readonly { payload?: Week }[] }) {
  const week = payload?.[0]?.payload;
  if (!active || !week) return null;
  return (
    <p className="rounded-sm bg-ink px-2 py-1 text-paper text-xs">
      Week of {dayAndMonth(week.week)}: {plural(week.count, 'certificate')}
    </p>
  );
}
