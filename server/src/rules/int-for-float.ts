import { strictnessOf } from '../knowledge/framework-facts.ts';
import type { FieldId } from '../run/fields.ts';
import { text } from '../text.ts';
import type { Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { pathText, scalarsOf } from './support/scalars.ts';

/** Fields whose default is a float wherever a strict loader compares types. */
const floats: ReadonlySet<FieldId | undefined> = new Set<FieldId | undefined>([
  'learningRate',
  'momentum',
  'weightDecay',
  'minLearningRate',
  'minLearningRateRatio',
  'decayFactor',
  'eps',
]);

export const intForFloat: Rule = {
  scope: 'file',
  meta: {
    id: 'int-for-float',
    category: 'value',
    severity: 'error',
    fix: 'none',
    since: '0.1.0',
    sources: ['loader-strictness/yacs-types', 'yacs/config.py'],
    what: text(
      'A whole number where a type-strict loader has a float: `BASE_LR: 1`.',
      '타입을 엄격히 따지는 로더의 실수 자리에 정수를 쓴 경우입니다(`BASE_LR: 1`).',
    ),
    why: text(
      'yacs compares the type of each value with that of the default and stops with "Type mismatch" when an int meets a float. `1.0` is the same number in the right type.',
      'yacs는 값의 타입을 기본값과 비교해 정수와 실수가 만나면 "Type mismatch" 오류로 멈춥니다. `1.0`이라고 쓰면 같은 수가 맞는 타입이 됩니다.',
    ),
    bad: [
      example(
        'detectron2',
        'mask_rcnn.yaml',
        'A decay of 0 instead of 0.0',
        '0.0 대신 0으로 쓴 감쇠',
        `
MODEL:
  META_ARCHITECTURE: GeneralizedRCNN
SOLVER:
  BASE_LR: 0.02
  WEIGHT_DECAY: 0
  IMS_PER_BATCH: 16
  MAX_ITER: 90000
`,
      ),
    ],
    good: [
      example(
        'detectron2',
        'mask_rcnn.yaml',
        'Floats',
        '실수로 쓴 값',
        `
MODEL:
  META_ARCHITECTURE: GeneralizedRCNN
SOLVER:
  BASE_LR: 0.02
  WEIGHT_DECAY: 0.0
  IMS_PER_BATCH: 16
  MAX_ITER: 90000
`,
      ),
    ],
  },
  check: (file) => {
    const strict = strictnessOf('refusesIntegerForFloat', file.dialect.id, file.loader.loader.id);
    if (!strict) return [];
    return scalarsOf(file).flatMap(({ node, loaded, field, key }) => {
      if (loaded.kind !== 'integer' || !floats.has(field)) return [];
      return [
        finding(
          node.span,
          text(
            `\`${key}: ${node.source}\` is an int, and its default is a float. ${file.dialect.name} compares the types and stops with "Type mismatch". Write \`${loaded.value}.0\`.`,
            `\`${key}: ${node.source}\` 값이 정수인데 기본값은 실수입니다. ${file.dialect.name}에서는 타입을 비교해 "Type mismatch" 오류로 멈춥니다. \`${loaded.value}.0\`으로 쓰세요.`,
          ),
          { evidence: [`loader-strictness/${strict.id}`], data: { path: pathText(node.path) } },
        ),
      ];
    });
  },
};
