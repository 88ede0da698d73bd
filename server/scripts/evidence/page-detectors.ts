/** How good the detectors are, and AutoTrainer's thresholds beside them. */
import { type Comparison, compareViews, type Tally, type View } from './compare.ts';
import { percent, share, table } from './markdown.ts';
import { detectorScores, type Score } from './precision.ts';
import type { Sample } from './samples.ts';

export function detectorSection(samples: readonly Sample[]): string[] {
  return [...precisionSection(samples), ...comparisonSection(compareViews(samples))];
}

function precisionSection(samples: readonly Sample[]): string[] {
  const rows = detectorScores(samples).map(({ symptom, shipped, shippedUngreyed, leaveOneOut, chosen }) => [
    symptom,
    precision(shipped),
    recall(shipped),
    recall(shippedUngreyed),
    precision(leaveOneOut),
    recall(leaveOneOut),
    [...chosen]
      .sort(([a], [b]) => a - b)
      .map(([factor, count]) => `×${factor}: ${count}`)
      .join(', '),
  ]);
  return [
    '## Detectors',
    "Precision and recall of single detectors beside the healthy twin (healthy rows: alone). A hit is the planted trouble under its own name; a trouble that may honestly go by another name as well counts neither way for that name, and troubles below the resolution count nowhere. *Leave one out*: the detector's main threshold, varied by factors of 0.5, 0.7, 1, 1.4 and 2, is chosen for each architecture on all the others (best F1) and judged on that one only; the last column says how often each factor was chosen. All strengths count as planted, also where the proxy does not discriminate: hence the third column without the cells that the tables grey out.",
    table(
      [
        'detector',
        'precision',
        'recall',
        'recall, greyed cells out',
        'precision, leave one out',
        'recall, leave one out',
        'thresholds chosen',
      ],
      rows,
    ),
  ];
}

function precision({ hits, falseAlarms }: Score): string {
  return `${percent(hits, hits + falseAlarms)} (${share(hits, hits + falseAlarms)})`;
}

function recall({ hits, planted }: Score): string {
  return `${percent(hits, planted)} (${share(hits, planted)})`;
}

function comparisonSection(comparisons: readonly Comparison[]): string[] {
  const rows = comparisons.map(({ planted, views: { twin, alone, autotrainer } }) => [
    planted ?? '**nothing** (healthy rows, harmless changes)',
    cell(twin, planted !== undefined),
    cell(alone, planted !== undefined),
    cell(autotrainer, planted !== undefined),
  ]);
  const planted = comparisons.filter((each) => each.planted !== undefined);
  const all = (view: View) =>
    cell(
      planted.reduce<Tally>(
        (sum, { views: { [view]: next } }) => ({
          flagged: sum.flagged + next.flagged,
          named: sum.named + next.named,
          of: sum.of + next.of,
        }),
        { flagged: 0, named: 0, of: 0 },
      ),
      true,
    );
  rows.splice(planted.length, 0, ['**anything**', all('twin'), all('alone'), all('autotrainer')]);
  return [
    "### AutoTrainer's thresholds on the same series",
    "AutoTrainer (Zhang et al., ICSE 2021) watches classifiers by the epoch: loss NaN or ≥ 1,000; accuracy swings of 0.03 or more in a fifth of the epochs; no epoch that gains 0.01; accuracy on the training data 0.1 above that on the test data (0.07 above an accuracy of 0.9). The proxies record losses, so accuracy is replaced by 1 − loss / first loss and an epoch is a twentieth of a run. Its thresholds on layers' gradients (ratio above 70 or below 0.001, share of zeros) cannot be tried, because layers are not recorded: this is a comparison of thresholds, not of tools. Cells: series with any alarm; of all, those under a fitting name.",
    table(
      ['planted', 'Trainlint beside the twin', 'Trainlint, the curve alone', "AutoTrainer's thresholds"],
      rows,
    ),
  ];
}

function cell({ flagged, named, of }: Tally, planted: boolean): string {
  const any = `${percent(flagged, of)} (${share(flagged, of)})`;
  return planted ? `${any}, named ${share(named, of)}` : any;
}
