/** False symptoms on healthy rows, held against what is promised. */
import type { SubjectEvidence } from './collect.ts';
import { budgets } from './healthy.ts';
import { factor, percent, share, table } from './markdown.ts';

/** Seeds that show any of the symptoms, over all subjects. */
export function falseFlags(
  evidence: readonly SubjectEvidence[],
  symptoms: readonly string[],
): { flagged: number; of: number } {
  let flagged = 0;
  let of = 0;
  for (const { healthy } of evidence) {
    of += healthy.seeds;
    for (const symptom of symptoms) flagged += healthy.flags.get(symptom) ?? 0;
  }
  return { flagged, of };
}

export function healthySection(evidence: readonly SubjectEvidence[]): string[] {
  const promised = budgets.flatMap(({ symptoms }) => [...symptoms]) as string[];
  const rows = evidence.map(({ subject, healthy }) => {
    const counts = budgets.map(({ symptoms, most }) => {
      const count = symptoms.reduce((sum, symptom) => sum + (healthy.flags.get(symptom) ?? 0), 0);
      return `${share(count, healthy.seeds)}${count > most * healthy.seeds ? ' **missed**' : ''}`;
    });
    const others = [...healthy.flags].filter(([symptom]) => !promised.includes(symptom));
    const other = others.map(([symptom, count]) => `${symptom} ${share(count, healthy.seeds)}`).join(', ');
    return [subject.id, factor(healthy.relativeRate), ...counts, other || '–'];
  });
  const total = budgets.map(({ symptoms, most }) => {
    const { flagged, of } = falseFlags(evidence, symptoms);
    return `${percent(flagged, of)} (${share(flagged, of)})${flagged > most * of ? ' **missed**' : ' held'}`;
  });
  const promise = budgets.map(({ most }) => (most === 0 ? 'none' : `≤ ${100 * most} %`));
  return [
    '## Healthy rows',
    "Each architecture at its row of the tables. Whatever shows here is false. The detectors see each curve alone, because beside itself as its own twin nothing could be false. The rate is the proxy's over its own tuned one: 1.00 where the row lands on the reference. With few seeds a single flag can miss a budget of a per cent.",
    table(
      ['architecture', 'rate', ...budgets.map(({ name }) => name), 'others'],
      [['**promised**', '', ...promise, ''], ...rows, ['**all**', '', ...total, '']],
    ),
    harmless(evidence),
  ];
}

/** What a sanity run would say of a rate that is not exactly the table's. */
function harmless(evidence: readonly SubjectEvidence[]): string {
  const rows = evidence.flatMap(({ subject, cells }) =>
    cells.filter(({ scenario }) => !scenario.symptom).map((cell) => ({ id: subject.id, ...cell })),
  );
  const shown = rows.reduce((sum, row) => sum + row.shown, 0);
  const seeds = rows.reduce((sum, row) => sum + row.seeds, 0);
  const where = rows
    .filter((row) => row.shown > 0)
    .map(({ id, scenario, target, shown: count }) => `${id}, ${scenario.strength}: ${target} ${count}`);
  return `Beside the healthy twin, as a sanity run sees it, a learning rate ×1.4 or ÷1.4 shows a symptom on ${share(shown, seeds)} runs${where.length > 0 ? ` (${where.join('; ')})` : ''}. What the twin shows as surely, such as the gradient spikes of a game, is not reported there.`;
}
