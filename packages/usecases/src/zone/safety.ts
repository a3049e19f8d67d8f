import type { SafetyThresholds } from '@hostmaster/core/dns/plan-safety';

type Columns = {
  readonly safeDeletePercent: number;
  readonly safeDeleteRecords: number;
  readonly safeUpdatePercent: number;
  readonly safeUpdateRecords: number;
};

/** What one plan may do to a zone, as its row has it. */
export const thresholdsOf = (row: Columns): SafetyThresholds => ({
  deletes: { percent: row.safeDeletePercent, records: row.safeDeleteRecords },
  updates: { percent: row.safeUpdatePercent, records: row.safeUpdateRecords },
});

export const thresholdColumns = ({ deletes, updates }: SafetyThresholds): Columns => ({
  safeDeletePercent: deletes.percent,
  safeDeleteRecords: deletes.records,
  safeUpdatePercent: updates.percent,
  safeUpdateRecords: updates.records,
});
