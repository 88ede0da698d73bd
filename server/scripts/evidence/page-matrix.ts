/** Architecture × trouble: shown, healed by the table's cure, by the best fix, by chance, or why not. */
import { proxyTable } from '../../src/knowledge/proxies.ts';
import type { Cell } from './cells.ts';
import type { SubjectEvidence } from './collect.ts';
import { factor, share, table, times } from './markdown.ts';
import { cellsOf, totalsOf } from './totals.ts';

export function matrixSection(evidence: readonly SubjectEvidence[]): string[] {
  const causes = causesOf(evidence);
  return [
    '## Planted troubles',
    'A trouble is planted into the healthy row as a config would have it, carried to the proxy by the same rules as a user\'s run, and trained beside the healthy twin. Strengths of learning rates are those that arrive in the proxy; what published runs span arrives as at most twice the reference, so the config may be farther off. A cell reads **shown · table · best · random**: seeds that show a symptom; of those that show its most frequent name (in brackets), seeds healed by the cure of the tables, by the best fix, which is the one the product ranks first (all named below each table), and by a change of the same size in a random field and direction. A random draw may hit the cure itself. Healed means: the symptom is gone, nothing diverges, and the loss ends within a tenth of the reference, or no worse than before where it already was there. Fixes are tried where more than half of the seeds show the symptom, as in the product; a cure "–" would change nothing, and a whole cell "–" has nothing to plant into: the reference is like that, or its optimizer lacks the setting.',
    'Where a cure undoes just what was planted (÷10 after ×10, momentum back at 0.9, cosine again), it heals by construction: the evidence there is that the symptom shows and the reference does not show it. ×30, clipping, warm-up and weight decay heal on their own merit.',
    overview(evidence, causes),
    ...causes.flatMap((cause) => causeSection(evidence, cause)),
    ...whySection(evidence),
  ];
}

function causesOf(evidence: readonly SubjectEvidence[]): string[] {
  const all = evidence.flatMap(({ cells, impossible }) => [
    ...cells.map(({ scenario }) => scenario),
    ...impossible,
  ]);
  return [...new Set(all.map(({ cause }) => cause))].filter((cause) => cause !== 'harmless');
}

/** Rates of all architectures; troubles below the resolution apart. */
function overview(evidence: readonly SubjectEvidence[], causes: readonly string[]): string {
  const rows = causes.flatMap((cause) =>
    strengthsOf(evidence, cause).map((strength) => {
      const cells = cellsOf(evidence, cause, strength);
      const { shown, seeds, table: cure, best, random } = totalsOf(cells);
      return [
        cause,
        `${strength}${cells.some(({ scenario }) => scenario.belowResolution) ? ' (below the resolution)' : ''}`,
        share(shown, seeds),
        share(cure.healed, cure.of),
        share(best.healed, best.of),
        share(random.healed, random.of),
      ];
    }),
  );
  return table(
    ['trouble', 'strength', 'shown', "healed by the table's cure", 'by the best fix', 'by a random change'],
    rows,
  );
}

function strengthsOf(evidence: readonly SubjectEvidence[], cause: string): string[] {
  const all = evidence.flatMap(({ cells, impossible }) => [
    ...cells.map(({ scenario }) => scenario),
    ...impossible,
  ]);
  return [...new Set(all.filter((scenario) => scenario.cause === cause).map(({ strength }) => strength))];
}

function causeSection(evidence: readonly SubjectEvidence[], cause: string): string[] {
  const strengths = strengthsOf(evidence, cause);
  const fixes = new Set<string>();
  const rows = evidence.map(({ subject, cells, impossible }) => [
    subject.id,
    ...strengths.map((strength) => {
      const is = (scenario: { cause: string; strength: string }) =>
        scenario.cause === cause && scenario.strength === strength;
      const cell = cells.find(({ scenario }) => is(scenario));
      if (!cell) return impossible.some(is) ? 'its data cannot hold this' : '–';
      if (cell.best && cell.best.healed > 0) fixes.add(plain(cell.best.title));
      return describe(cell);
    }),
  ]);
  const best = fixes.size > 0 ? [`Best fixes: ${[...fixes].sort().join('; ')}.`] : [];
  return [
    `### ${cause[0]?.toUpperCase()}${cause.slice(1)}`,
    table(['architecture', ...strengths], rows),
    ...best,
  ];
}

/** Titles without the run's own number. */
function plain(title: string): string {
  return title
    .replace(/ \([^)]*\)$/, '')
    .replace(/at the usual \S+$/, 'at the usual rate')
    .replace(/ at [\d.e-]+, this/, ', this')
    .replace(/at [\d.e-]+, the/, 'at the');
}

function describe(cell: Cell): string {
  const {
    shown,
    seeds,
    target,
    ratio,
    table: cure,
    best,
    random,
    scenario,
    relativeRate,
    configFactor,
  } = cell;
  const planted = 'learningRate' in scenario.fields ? arrival(relativeRate, configFactor) : '';
  if (shown === 0) return `0/${seeds} (loss ×${factor(ratio)}${planted})`;
  const healed = best
    ? ` · ${cure ? share(cure.healed, cure.of) : '–'} · ${share(best.healed, best.of)} · ${random ? share(random.healed, random.of) : '–'}`
    : '';
  return `**${share(shown, seeds)}**${healed} (${target}, loss ×${factor(ratio)}${planted})`;
}

/** Where the two factors differ, the config's is told as well. */
function arrival(inProxy: number, inConfig: number): string {
  const same = Math.abs(Math.log(inProxy / inConfig)) < 0.02;
  return `; rate ${times(inProxy)}${same ? '' : `, ${times(inConfig)} in the config`}`;
}

function whySection(evidence: readonly SubjectEvidence[]): string[] {
  const rows = evidence.flatMap(({ subject, cells }) => {
    const blind = proxyTable.find(({ id }) => id === subject.info.id)?.notDiscriminating ?? [];
    const known = blind.map(({ symptom, reason }) => [
      subject.id,
      symptom,
      reason.en,
      measured(cells, symptom),
    ]);
    const silent = [...new Set(cells.map(({ scenario }) => scenario.symptom))].filter(
      (symptom) =>
        symptom !== undefined &&
        !blind.some((row) => row.symptom === symptom) &&
        cells.every(({ scenario, shown }) => scenario.symptom !== symptom || shown === 0),
    );
    return [
      ...known,
      ...silent.map((symptom) => [
        subject.id,
        symptom ?? '',
        'not greyed in the tables: no seed shows it here at these strengths',
        measured(cells, symptom ?? ''),
      ]),
    ];
  });
  return [
    '### What does not discriminate, and why',
    'Cells that the product greys with these words, and cells that stayed silent here although the tables do not grey them.',
    table(['architecture', 'symptom', 'reason', 'planted here, shown under this name'], rows),
  ];
}

/** Seeds that showed it under this very name; what goes by another name is in brackets. */
function measured(cells: readonly Cell[], symptom: string): string {
  const planted = cells.filter(({ scenario }) => scenario.symptom === symptom);
  const { shown, seeds } = totalsOf(planted);
  const named = planted.reduce((sum, cell) => sum + cell.named, 0);
  if (seeds === 0) return 'not planted';
  return shown > named ? `${share(named, seeds)} (any name ${share(shown, seeds)})` : share(named, seeds);
}
