import { settingConflictTable } from '../knowledge/framework-facts.ts';
import { withParticle } from '../korean.ts';
import type { Change } from '../run/change.ts';
import { isStated, settingOf, spanOf, type TrainingRun, valueOf } from '../run/training-run.ts';
import { type Text, text } from '../text.ts';
import type { Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding, sentences } from './support/findings.ts';
import { formatCount } from './support/numbers.ts';

export const batchArithmetic: Rule = {
  scope: 'run',
  meta: {
    id: 'batch-arithmetic',
    category: 'batch',
    severity: 'error',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['setting-conflicts/deepspeed-batch', 'deepspeed/runtime/config.py'],
    what: text(
      'A global batch that is not micro batch × accumulation × devices for any number of devices.',
      '전체 배치가 어떤 장치 수로도 마이크로 배치 × 누적 × 장치 수가 되지 않는 경우입니다.',
    ),
    why: text(
      'DeepSpeed, Megatron, NeMo and their relatives check the product and stop when it does not come out. With the number of devices said in a comment (`# trainlint: world-size=8`) the rule checks it exactly.',
      'DeepSpeed, Megatron, NeMo 계열은 곱을 확인하고 맞지 않으면 멈춥니다. 주석(`# trainlint: world-size=8`)에 장치 수를 적으면 정확히 검사합니다.',
    ),
    bad: [
      example(
        'deepspeed',
        'ds_config.json',
        '4 × 8 does not divide 100',
        '100은 4 × 8로 나누어지지 않습니다',
        `
{
  "train_batch_size": 100,
  "train_micro_batch_size_per_gpu": 4,
  "gradient_accumulation_steps": 8,
  "zero_optimization": { "stage": 2 }
}
`,
        ['"train_batch_size": 100', '"train_batch_size": 96'],
      ),
    ],
    good: [
      example(
        'deepspeed',
        'ds_config.json',
        '4 × 8 × 4 devices',
        '4 × 8 × 장치 4개',
        `
{
  "train_batch_size": 128,
  "train_micro_batch_size_per_gpu": 4,
  "gradient_accumulation_steps": 8,
  "zero_optimization": { "stage": 2 }
}
`,
      ),
    ],
  },
  check: (run, file) => {
    const global = stated(run, 'globalBatch');
    const micro = stated(run, 'batchPerDevice');
    if (!global || !micro || run.opaque.has('gradientAccumulation')) return [];
    const accumulation = stated(run, 'gradientAccumulation') ?? 1;
    const world = stated(run, 'worldSize');
    const each = micro * accumulation;
    const whole = world === undefined ? global % each === 0 : global === each * world;
    const enforced = settingConflictTable.find(
      (row) =>
        (row.rule === 'batch-arithmetic' || row.rule === 'batch-divisibility') &&
        row.dialects.includes(file.dialect.id),
    );
    // Megatron and its relatives derive the accumulation themselves, over the data-parallel share of the devices:
    // only the micro batch has to divide. So does any framework whose file says no accumulation.
    const derives =
      enforced?.rule === 'batch-divisibility' || stated(run, 'gradientAccumulation') === undefined;
    if (whole || (derives && global % micro === 0)) return [];
    const wrong = derives
      ? text(
          `The global batch is ${formatCount(global)}, which the micro batch of ${micro} does not divide.`,
          `전체 배치가 ${formatCount(global)}인데 마이크로 배치 ${withParticle(String(micro), '으로/로')} 나누어지지 않습니다.`,
        )
      : factorsDisagree(global, micro, accumulation, world);
    const stops = enforced
      ? text(`${file.dialect.name} stops on it.`, `${file.dialect.name}에서는 오류로 멈춥니다.`)
      : undefined;
    return [
      finding(
        spanOf(run, 'globalBatch'),
        sentences(wrong, stops, text('Make them agree.', '값을 맞추세요.')),
        {
          severity: enforced ? 'error' : 'information',
          evidence: enforced ? [`setting-conflicts/${enforced.id}`] : [],
          changes: nearest(run, global, derives ? micro : each * (world ?? 1)),
          data: { globalBatch: global, batchPerDevice: micro, gradientAccumulation: accumulation },
        },
      ),
    ];
  },
};

function factorsDisagree(
  global: number,
  micro: number,
  accumulation: number,
  world: number | undefined,
): Text {
  const product = `${micro} × ${accumulation}`;
  if (world === undefined)
    return text(
      `The global batch is ${formatCount(global)}, which no number of devices makes of ${product} per device.`,
      `전체 배치가 ${formatCount(global)}인데 장치당 ${withParticle(product, '으로/로')}는 어떤 장치 수로도 나오지 않습니다.`,
    );
  return text(
    `The global batch is ${formatCount(global)}, which is not ${product} × ${world} (micro batch × accumulation × devices).`,
    `전체 배치가 ${formatCount(global)}인데 ${product} × ${world}(마이크로 배치 × 누적 × 장치 수)의 값과 다릅니다.`,
  );
}

function stated(
  run: TrainingRun,
  field: 'globalBatch' | 'batchPerDevice' | 'gradientAccumulation' | 'worldSize',
): number | undefined {
  const value = isStated(run, field) ? valueOf(run, field) : undefined;
  return value !== undefined && value > 0 ? value : undefined;
}

/** Writes the key alone: a dialect's way of setting a batch keeps its factors consistent, and these are not. */
function nearest(run: TrainingRun, global: number, unit: number): readonly Change[] {
  const path = settingOf(run, 'globalBatch')?.path;
  if (!path) return [];
  const value = Math.max(1, Math.round(global / unit)) * unit;
  const shown = formatCount(value);
  return [
    {
      title: text(`Set the global batch to ${shown}`, `전체 배치를 ${withParticle(shown, '으로/로')} 바꾸기`),
      safe: false,
      operations: [{ op: 'respell', root: run.root, path, value }],
    },
  ];
}
