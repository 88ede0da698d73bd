import type { ConfigView } from '../dialects/dialect.ts';
import type { MapEntry } from '../document/types.ts';
import type { ConfigFile } from '../engine/config-file.ts';
import { type RenamedKey, renamedKeyTable } from '../knowledge/framework-facts.ts';
import { text } from '../text.ts';
import type { Finding, Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { entriesOf } from './support/scalars.ts';
import { compareVersions } from './support/versions.ts';

export const deprecatedKey: Rule = {
  scope: 'file',
  meta: {
    id: 'deprecated-key',
    category: 'key',
    severity: 'error',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['renamed-keys'],
    what: text(
      'A key that the framework has renamed or dropped.',
      '프레임워크에서 이름이 바뀌었거나 없어진 키입니다.',
    ),
    why: text(
      'Old names are accepted with a warning for a while and refused later. With the installed version in the project settings (`frameworkVersions`) the rule knows which; without it, the widely renamed keys give a hint.',
      '옛 이름은 한동안 경고와 함께 받아 주다가 나중에는 거부합니다. 프로젝트 설정(`frameworkVersions`)에 설치된 버전을 적으면 어느 쪽인지 판단하고, 없으면 널리 바뀐 키만 힌트로 알립니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'train.yaml',
        'The name before transformers 4.41',
        'transformers 4.41 이전의 이름',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
evaluation_strategy: epoch
`,
        ['evaluation_strategy: epoch', 'eval_strategy: epoch'],
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'train.yaml',
        'The name since then',
        '지금의 이름',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
eval_strategy: epoch
`,
      ),
    ],
  },
  check: (file) => {
    const rows = renamedKeyTable.filter((row) => row.dialects.includes(file.dialect.id));
    return file.views.flatMap((view) => findingsIn(file, view, rows));
  },
};

function findingsIn(file: ConfigFile, view: ConfigView, rows: readonly RenamedKey[]): readonly Finding[] {
  const root = file.document.roots[view.root];
  if (!root || rows.length === 0) return [];
  return [...entriesOf(root)].flatMap((entry) => {
    const path = entry.value.path.join('.');
    const row = rows.find((one) => (one.anywhere ? entry.key.name === one.from : path === one.from));
    return row ? judge(file, view, entry, row) : [];
  });
}

function judge(file: ConfigFile, view: ConfigView, entry: MapEntry, row: RenamedKey): readonly Finding[] {
  const installed = file.project.frameworkVersions[row.library];
  const since = (version: string | undefined) =>
    installed !== undefined && version !== undefined && compareVersions(installed, version) >= 0;
  const gone = since(row.removed);
  const old = since(row.deprecated);
  if (!gone && !old && (installed !== undefined || row.unstated === 'silent')) return [];
  const { name } = entry.key;
  const state = gone
    ? text(
        `${row.library} ${installed} does not know \`${name}\` any more (removed in ${row.removed}).`,
        `${row.library} ${installed}에는 \`${name}\` 키가 없습니다(${row.removed}에서 제거).`,
      )
    : text(
        `\`${name}\` is an old name${versions(row).en}.`,
        `\`${name}\` 키는 옛 이름입니다${versions(row).ko}.`,
      );
  const path = entry.value.path;
  const { to } = row;
  return [
    finding(entry.key.span, text(`${state.en} ${row.advice.en}`, `${state.ko} ${row.advice.ko}`), {
      severity: gone ? 'error' : old ? 'warning' : 'hint',
      evidence: [`renamed-keys/${row.id}`],
      changes: to
        ? [
            {
              title: text(`Rename it to ${to}`, `${to} 키로 바꾸기`),
              safe: false,
              operations: [{ op: 'rename', root: view.root, path, to }],
            },
          ]
        : [],
      data: { key: name, ...(to ? { to } : {}) },
    }),
  ];
}

function versions({ library, deprecated, removed }: RenamedKey): { en: string; ko: string } {
  if (deprecated && removed)
    return {
      en: ` (${library}: deprecated in ${deprecated}, removed in ${removed})`,
      ko: `(${library} ${deprecated}에서 지원 중단, ${removed}에서 제거)`,
    };
  if (removed) return { en: ` (${library}: removed in ${removed})`, ko: `(${library} ${removed}에서 제거)` };
  return { en: ` (${library}: deprecated)`, ko: `(${library}에서 지원 중단)` };
}
