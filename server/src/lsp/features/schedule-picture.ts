import { formatCount, formatNumber } from '../../rules/support/numbers.ts';
import type { FieldId } from '../../run/fields.ts';
import { learningRates } from '../../run/schedule.ts';
import { type TrainingRun, valueOf } from '../../run/training-run.ts';
import { type Language, text } from '../../text.ts';

/** The fields that shape the learning rate over time. */
const shaping: ReadonlySet<FieldId> = new Set([
  'learningRate',
  'schedule',
  'warmupSteps',
  'warmupRatio',
  'warmupEpochs',
  'decaySteps',
  'decayMilestones',
  'decayEpochs',
  'decayFactor',
  'minLearningRate',
  'minLearningRateRatio',
]);
const points = 160;
const box = { left: 44, top: 8, width: 250, height: 64 };
/** Readable on light and on dark: a picture in a hover does not learn of the theme. */
const ink = { curve: '#3794ff', text: '#888888', axis: '#88888880' };

/** The learning rate over the whole run as a picture in Markdown: arithmetic, no training. Undefined where nobody knows it. */
export function schedulePicture(run: TrainingRun, field: FieldId, language: Language): string | undefined {
  const peak = valueOf(run, 'learningRate');
  const rates = shaping.has(field) && peak ? learningRates(run, points) : undefined;
  if (!rates || !peak) return undefined;
  const top = Math.max(...rates);
  if (!(top > 0) || !Number.isFinite(top)) return undefined;
  const x = (index: number) => (box.left + (index / (points - 1)) * box.width).toFixed(1);
  const y = (rate: number) => (box.top + (1 - rate / top) * box.height).toFixed(1);
  const path = [...rates].map((rate, index) => `${index ? 'L' : 'M'}${x(index)} ${y(rate)}`).join('');
  const bottom = box.top + box.height;
  const right = box.left + box.width;
  const total = valueOf(run, 'totalSteps');
  const end = total === undefined ? '100%' : formatCount(total);
  const label = (at: string, content: string) =>
    `<text ${at} font-family="sans-serif" font-size="11" fill="${ink.text}">${content}</text>`;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${right + 12}" height="${bottom + 20}">`,
    `<path d="M${box.left} ${box.top}V${bottom}H${right}" fill="none" stroke="${ink.axis}"/>`,
    `<path d="${path}" fill="none" stroke="${ink.curve}" stroke-width="2" stroke-linejoin="round"/>`,
    label(`x="${box.left - 5}" y="${box.top + 8}" text-anchor="end"`, formatNumber(top)),
    label(`x="${box.left - 5}" y="${bottom}" text-anchor="end"`, '0'),
    label(`x="${box.left}" y="${bottom + 15}"`, '0'),
    label(`x="${right}" y="${bottom + 15}" text-anchor="end"`, end),
    '</svg>',
  ].join('');
  const alt = text('Learning rate over the run', '학습 동안의 학습률')[language];
  return `![${alt}](data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')})`;
}
