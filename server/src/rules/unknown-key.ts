import type { ConfigView } from '../dialects/dialect.ts';
import type { MapNode, Path } from '../document/types.ts';
import { editDistance } from '../edit-distance.ts';
import type { ConfigFile } from '../engine/config-file.ts';
import type { Change } from '../run/change.ts';
import { text } from '../text.ts';
import { cannotTell, type Finding, type Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { pathKey } from './support/scalars.ts';

export const unknownKey: Rule = {
  scope: 'file',
  meta: {
    id: 'unknown-key',
    category: 'key',
    severity: 'warning',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['IntelLabs/distiller#191', 'huggingface/trl scripts/utils.py'],
    what: text(
      'A key one slip away from one the framework knows.',
      '프레임워크가 아는 키와 한두 글자만 다른 키입니다.',
    ),
    why: text(
      'Many loaders take any key, so a misspelt one does nothing and the default stays: the experiment is not the one on the page. Keys that are far from every known one are left alone, since scripts add keys of their own.',
      '많은 로더가 어떤 키든 받으므로 잘못 쓴 키는 아무 효과 없이 기본값이 쓰입니다. 화면에 적힌 것과 다른 실험을 하게 됩니다. 스크립트가 자체 키를 추가하기도 하므로 아는 키와 많이 다른 키는 알리지 않습니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'train.yaml',
        'A letter missing',
        '글자가 하나 빠진 키',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
weight_deca: 0.01
`,
        ['weight_deca: 0.01', 'weight_decay: 0.01'],
      ),
      example(
        'torchtune',
        'full.yaml',
        'Letters swapped',
        '글자 순서가 바뀐 키',
        `
model:
  _component_: torchtune.models.llama3.llama3_8b
optimizer:
  _component_: torch.optim.AdamW
  lr: 2e-5
batch_size: 2
gradient_accumulation_stpes: 8
epochs: 1
`,
        ['gradient_accumulation_stpes', 'gradient_accumulation_steps'],
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'train.yaml',
        "A script's own key",
        '스크립트 자체의 키',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
weight_decay: 0.01
my_experiment: baseline
`,
      ),
    ],
  },
  check: (file) => {
    const { slips: misspelt } = file.dialect;
    if (misspelt)
      return file.views.flatMap((view) =>
        misspelt(view).flatMap(({ path, meant }) => misspeltWord(view, path, meant)),
      );
    if (file.dialect.freeKeys)
      return cannotTell('the recipe names its own variables', '레시피가 변수 이름을 직접 정합니다');
    return file.views.flatMap((view) => {
      const known = knownKeys(file, view.root);
      return [...known].flatMap(([block, names]) => {
        const path = JSON.parse(block) as Path;
        const node = view.at(path);
        return node?.kind === 'map' ? slips(file, view.root, node, names) : [];
      });
    });
  },
};

/** A word of training with a letter wrong, in a framework whose own keys nobody here knows. */
function misspeltWord(view: ConfigView, path: Path, meant: string): readonly Finding[] {
  const parent = view.at(path.slice(0, -1));
  const name = String(path.at(-1));
  const entry = parent?.kind === 'map' ? parent.entries.find(({ key }) => key.name === name) : undefined;
  if (!entry) return [];
  return [
    finding(
      entry.key.span,
      text(
        `\`${name}\` looks like \`${meant}\` with a slip. If it is one, the code never finds this value. Did you mean \`${meant}\`?`,
        `\`${name}\`: \`${meant}\`의 오타로 보입니다. 오타라면 코드가 이 값을 찾지 못합니다. \`${meant}\` 키를 쓰려고 했나요?`,
      ),
      {
        severity: 'information',
        changes: [rename(view.root, entry.value.path, meant)],
        data: { key: name, meant },
      },
    ),
  ];
}

function rename(root: number, path: Path, to: string): Change {
  return {
    title: text(`Rename it to ${to}`, `${to} 키로 바꾸기`),
    safe: false,
    operations: [{ op: 'rename', root, path, to }],
  };
}

/** Names of one block; true for those that hold a value, false for inner blocks. */
type KnownNames = ReadonlyMap<string, boolean>;

/** Names the framework knows in each block: those its runs are read by, and its own list where it has one. */
function knownKeys(file: ConfigFile, root: number): ReadonlyMap<string, KnownNames> {
  const blocks = new Map<string, Map<string, boolean>>();
  const add = (block: Path, name: string, leaf: boolean) => {
    const key = pathKey(block);
    const names = blocks.get(key) ?? new Map<string, boolean>();
    names.set(name, leaf || names.get(name) === true);
    blocks.set(key, names);
  };
  for (const [index, layout] of file.layouts.entries()) {
    if (file.runs[index]?.root !== root) continue;
    for (const { paths } of layout.bindings)
      for (const path of paths)
        for (const [depth, name] of path.entries())
          if (typeof name === 'string') add(path.slice(0, depth), name, depth === path.length - 1);
  }
  for (const block of [...blocks.keys()]) {
    const at = JSON.parse(block) as Path;
    for (const name of file.dialect.keys?.(at) ?? []) add(at, name, true);
  }
  return blocks;
}

function slips(file: ConfigFile, root: number, node: MapNode, known: KnownNames): readonly Finding[] {
  const present = new Set(node.entries.map(({ key }) => key.name));
  return node.entries.flatMap(({ key, value }) => {
    const { name } = key;
    // Blocks are named freely; what is mistyped without a word is a value's key.
    if (known.has(name) || value.kind !== 'scalar') return [];
    const meant = [...known].find(([one, leaf]) => leaf && !present.has(one) && isSlip(name, one))?.[0];
    if (!meant) return [];
    return [
      finding(
        key.span,
        text(
          `${file.dialect.name} knows no \`${name}\`. Did you mean \`${meant}\`?`,
          `\`${name}\`: ${file.dialect.name}에 없는 키입니다. \`${meant}\` 키를 쓰려고 했나요?`,
        ),
        {
          // A script may well have a `label_name` of its own beside the framework's `label_names`.
          severity: isPlural(name, meant) ? 'information' : 'warning',
          changes: [rename(root, value.path, meant)],
          data: { key: name, meant },
        },
      ),
    ];
  });
}

/** One slip in a short name, two in a long one; a plural alone (`step`, `steps`) counts, a number (`beta1`) does not. */
function isSlip(name: string, known: string): boolean {
  if (/\d/.test(name) || /\d/.test(known)) return false;
  const [a, b] = [plain(name), plain(known)];
  if (a === b) return true;
  const most = Math.min(a.length, b.length) >= 12 ? 2 : 1;
  if (Math.min(a.length, b.length) < 6 || Math.abs(a.length - b.length) > most) return false;
  return editDistance(a, b) <= most;
}

function isPlural(a: string, b: string): boolean {
  return plain(a) === `${plain(b)}s` || plain(b) === `${plain(a)}s`;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}
