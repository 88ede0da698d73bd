/** The few numbers that the READMEs quote, between two comments, so that they cannot drift from the page. */
import type { Cell } from './cells.ts';
import type { SubjectEvidence } from './collect.ts';
import { budgets } from './healthy.ts';
import { percent, share, table } from './markdown.ts';
import { falseFlags } from './page-healthy.ts';
import { cellsOf, totalsOf } from './totals.ts';

const begin = '<!-- evidence: written by npm run evidence -->';
const end = '<!-- /evidence -->';

/** Throws when the README has no place for the numbers. */
export function withEvidence(readme: string, block: string): string {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`a README lacks "${begin}" … "${end}"`);
  return `${readme.slice(0, from + begin.length)}\n\n${block}\n\n${readme.slice(to)}`;
}

interface Words {
  readonly intro: (seeds: number, architectures: number) => string;
  readonly head: readonly string[];
  readonly high: string;
  readonly low: string;
  readonly momentum: string;
  readonly all: string;
  readonly flags: Readonly<Record<(typeof budgets)[number]['name'], string>>;
  readonly healthy: (counts: string) => string;
}

const english: Words = {
  intro: (seeds, architectures) =>
    `Measured on ${architectures} proxies and ${seeds} seeds that no threshold was chosen on. Proxy evidence, not a promise about your model; [\`docs/evidence.md\`](docs/evidence.md) has every cell, also those where nothing shows. Undoing just what was planted heals by construction; the rest does not:`,
  head: [
    'planted',
    'shown',
    "healed by the table's cure",
    'by the best fix',
    'by a random change of that size',
  ],
  high: 'learning rate ×10 or ×30',
  low: 'learning rate ÷10',
  momentum: 'momentum or β₁ 0.99',
  all: 'all troubles',
  flags: {
    divergence: 'divergence',
    'early instability': 'early instability',
    oscillation: 'oscillation',
    'gradient spikes': 'gradient spikes',
  },
  healthy: (counts) => `False symptoms on healthy rows: ${counts}.`,
};

const korean: Words = {
  intro: (seeds, architectures) =>
    `대리 모델 ${architectures}개를 기준값 조정에 쓰지 않은 시드 ${seeds}개로 측정한 결과입니다. 대리 모델에서 얻은 증거일 뿐 실제 모델에 대한 약속은 아닙니다. 증상이 나타나지 않는 경우까지 모든 수치는 [\`docs/evidence.md\`](docs/evidence.md)에 있습니다. 심은 변경을 그대로 되돌리는 수정은 당연히 증상을 없애지만, 나머지는 그렇지 않습니다.`,
  head: ['심은 문제', '증상이 나타남', '표의 처방으로 나음', '가장 좋은 수정', '같은 크기의 무작위 변경'],
  high: '학습률 10배 또는 30배',
  low: '학습률 1/10',
  momentum: '모멘텀 또는 β₁ 0.99',
  all: '전체',
  flags: {
    divergence: '발산',
    'early instability': '초기 불안정',
    oscillation: '진동',
    'gradient spikes': '그래디언트 스파이크',
  },
  healthy: (counts) => `정상 설정에서 잘못 나타난 증상: ${counts}.`,
};

export function readmeBlock(
  evidence: readonly SubjectEvidence[],
  seeds: number,
  language: 'en' | 'ko',
): string {
  const words = language === 'ko' ? korean : english;
  const counted = evidence.flatMap(({ cells }) =>
    cells.filter(({ scenario }) => scenario.symptom && !scenario.belowResolution),
  );
  const row = (name: string, cells: readonly Cell[]) => {
    const { shown, seeds: of, table: cure, best, random } = totalsOf(cells);
    const healed = [cure, best, random].map((count) => share(count.healed, count.of));
    return [name, share(shown, of), ...healed];
  };
  const of = (cause: string) => counted.filter(({ scenario }) => scenario.cause === cause);
  const flags = budgets.map(({ name, symptoms }) => {
    const { flagged, of: runs } = falseFlags(evidence, symptoms);
    const where = evidence
      .filter(({ healthy }) => symptoms.some((symptom) => (healthy.flags.get(symptom) ?? 0) > 0))
      .map(({ subject }) => subject.id);
    const named = where.length > 0 ? `; ${where.join(', ')}` : '';
    return `${words.flags[name]} ${share(flagged, runs)} (${percent(flagged, runs)}${named})`;
  });
  return [
    words.intro(seeds, evidence.length),
    table(words.head, [
      row(words.high, of('learning rate too high')),
      row(words.low, cellsOf(evidence, 'learning rate too low')),
      row(words.momentum, of('momentum too high')),
      row(words.all, counted),
    ]),
    words.healthy(flags.join(', ')),
  ].join('\n\n');
}
