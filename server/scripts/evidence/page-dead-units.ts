/** ReLU units that fall silent for good: no trouble of its own, but what too high a rate does to some networks. */
import type { RunResult } from '@trainlint/kernels';
import { diagnose } from '../../src/symptoms/diagnose.ts';
import { median } from '../../src/symptoms/statistics.ts';
import { thresholds } from '../../src/symptoms/thresholds.ts';
import { seriesOf } from '../../src/training/series.ts';
import { shows } from '../../src/training/verdict.ts';
import type { Cell } from './cells.ts';
import type { SubjectEvidence } from './collect.ts';
import { share, table } from './markdown.ts';

const cause = 'learning rate too high';

export function deadUnitsSection(evidence: readonly SubjectEvidence[]): string[] {
  const counted = evidence.filter(({ healthy }) => healthy.runs.some((run) => silent(run) !== undefined));
  if (counted.length === 0) return [];
  const strengths = [
    ...new Set(
      counted.flatMap(({ cells }) =>
        cells.filter(({ scenario }) => scenario.cause === cause).map(({ scenario }) => scenario.strength),
      ),
    ),
  ];
  const rows = counted.map(({ subject, healthy, cells }) => {
    const flagged = healthy.runs.filter((run) =>
      diagnose(seriesOf(run, healthy.steps)).symptoms.some(({ symptom }) => symptom === 'dead-units'),
    );
    return [
      subject.id,
      `${share(flagged.length, healthy.seeds)} (${percent(healthy.runs)})`,
      ...strengths.map((strength) => {
        const cell = cells.find(({ scenario }) => scenario.cause === cause && scenario.strength === strength);
        return cell ? describe(cell) : '–';
      }),
    ];
  });
  return [
    '### Dead units',
    `ReLU units that are zero for every example of the probe batch, counted where a proxy has them. A run shows the symptom when more than ${Math.round(100 * thresholds.deadUnits.share)} % of them are silent at its end, twice as many as at its beginning; beside the twin it counts where the twin does not show it. In brackets the median share at the end. Healed by the fix that heals most seeds of those that were trained against the cell's most frequent symptom: units alive again, and the loss within a tenth of the reference's or no worse than before where it already was there.`,
    table(['architecture', 'healthy row', ...strengths], rows),
  ];
}

function describe({ outcomes, seeds, deadUnits }: Cell): string {
  const shown = outcomes.filter((outcome) => shows(outcome, 'dead-units')).length;
  const healed = deadUnits ? ` · healed ${share(deadUnits.healed, deadUnits.of)}` : '';
  const count = share(shown, seeds);
  return `${shown > 0 ? `**${count}**` : count} (${percent(outcomes.map(({ run }) => run))})${healed}`;
}

/** Share of silent units at the end of a run. */
function silent({ records }: RunResult): number | undefined {
  return records.findLast(({ deadUnits }) => deadUnits !== undefined)?.deadUnits;
}

function percent(runs: readonly RunResult[]): string {
  const shares = runs.flatMap((run) => silent(run) ?? []);
  return shares.length > 0 ? `${Math.round(100 * median(shares))} %` : '–';
}
