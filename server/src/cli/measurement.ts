import { readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import pc from 'picocolors';
import { writeChange } from '../dialects/write.ts';
import { applyEdits } from '../document/edit.ts';
import { rangeOf } from '../document/position.ts';
import type { TextEdit } from '../document/types.ts';
import type { ConfigFile } from '../engine/config-file.ts';
import { openConfig } from '../engine/open.ts';
import { type Judgement, judge } from '../own-model/judge.ts';
import type { Measured } from '../own-model/measured.ts';
import { measuredRun } from '../own-model/measured-run.ts';
import { loadProject } from '../project/load-project.ts';
import type { Change } from '../run/change.ts';
import { spanOf } from '../run/training-run.ts';
import { type CliIo, UsageError } from './io.ts';
import { wrap } from './wrap.ts';

/** What a snippet measured on the user's own model, held against the config it was generated from. */
export interface ReadMeasurement {
  readonly name: string;
  readonly measured: Measured;
  /** The config and which of its runs; absent where it was not found. */
  readonly config?: { readonly file: ConfigFile; readonly run: number };
  readonly judgements: readonly Judgement[];
}

/** `configPath` names the config; without it the one that the measurement names, beside it or in the working folder. */
export function readMeasurement(
  full: string,
  measured: Measured,
  configPath: string | undefined,
  io: CliIo,
): ReadMeasurement {
  const name = nameOf(full, io);
  const config = openMeasured(full, measured, configPath, io);
  const run = config?.file.runs[config.run] ?? measuredRun(measured);
  return { name, measured, judgements: judge(run, measured), ...(config && { config }) };
}

function openMeasured(
  full: string,
  measured: Measured,
  configPath: string | undefined,
  io: CliIo,
): ReadMeasurement['config'] {
  const named = configPath ?? measured.config;
  if (named === undefined) return undefined;
  const places =
    configPath === undefined
      ? [resolve(io.cwd, named), resolve(dirname(full), named)]
      : [resolve(io.cwd, named)];
  for (const path of places) {
    const source = textOf(path);
    if (source === undefined) continue;
    const { settings: project } = loadProject(io.cwd);
    const { file } = openConfig(source, nameOf(path, io), { project });
    if (!file || file.runs.length === 0) continue;
    const run = file.runs.findIndex(({ label }) => label === measured.run);
    return { file, run: Math.max(0, run) };
  }
  if (configPath !== undefined)
    throw new UsageError(`--config ${configPath}: no training config can be read there`);
  return undefined;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function nameOf(full: string, io: CliIo): string {
  return relative(io.cwd, full).split(sep).join('/');
}

/** As the records of `lint --format json`, of type `own-model`: a measurement is no symptom of a log. */
export function measurementRecords({ name, config, judgements }: ReadMeasurement, io: CliIo): object[] {
  return judgements.map((judgement) => {
    const { id, level, message, evidence, changes } = judgement;
    return {
      type: 'own-model',
      file: name,
      id,
      level,
      message: message[io.lang],
      evidence,
      ...(config && {
        config: config.file.fileName,
        range: rangeOf(config.file.document, placeOf(config, judgement)),
      }),
      fixes: changes.flatMap((change) => {
        const edits = editsOf(config, change);
        if (!edits?.length || !config) return [];
        const { document, fileName } = config.file;
        return [
          {
            title: change.title[io.lang],
            safe: change.safe,
            edits: edits.map(({ span, newText }) => ({
              file: fileName,
              range: rangeOf(document, span),
              newText,
            })),
          },
        ];
      }),
    };
  });
}

const words = {
  en: {
    kind: 'measured on your own model',
    fine: 'fine',
    information: 'note',
    warning: 'warning',
    noConfig: (name: string) =>
      `The config ${name} was not found; held against the numbers the script was generated with. --config names another.`,
    noKey: 'this framework has no key for it; change it in the training script',
    caveat:
      'Exact for the weights, batches and optimizer it was run with, before the first step; curvature and gradients change while training. Run it again on a checkpoint.',
    parameters: 'weights',
    steps: 'steps',
  },
  ko: {
    kind: '실제 모델에서 측정',
    fine: '정상',
    information: '참고',
    warning: '경고',
    noConfig: (name: string) =>
      `설정 파일(${name})을 찾지 못해 스크립트를 만들 때의 값과 비교했습니다. --config로 지정할 수 있습니다.`,
    noKey: '이 프레임워크에는 해당 키가 없습니다. 학습 코드에서 바꾸세요',
    caveat:
      '측정에 쓴 가중치, 배치, 옵티마이저의 첫 스텝 직전 상태에 대해서는 정확합니다. 학습하면 곡률과 그래디언트가 달라지므로 체크포인트에서 다시 측정해 보세요.',
    parameters: '가중치',
    steps: '스텝',
  },
} as const;

/** The report for people: what holds, what does not, and the lines of the config to change. */
export function prettyMeasurement(read: ReadMeasurement, io: CliIo): string {
  const colors = pc.createColors(io.color);
  const say = words[io.lang];
  const width = Math.max(40, Math.min(io.width ?? 80, 110));
  const { name, measured, config, judgements } = read;
  const facts = [
    say.kind,
    measured.optimizer,
    measured.parameters !== undefined && `${measured.parameters.toLocaleString('en')} ${say.parameters}`,
    `${measured.steps} ${say.steps}`,
    measured.device,
  ].filter(Boolean);
  const paint = { warning: colors.magenta, information: colors.cyan, fine: colors.green };
  const body = judgements.flatMap((judgement) => {
    const { level, id, message, changes } = judgement;
    const title = `${paint[level](`${level === 'fine' ? '✓' : '•'} ${say[level]}`)}  ${colors.dim([id, place(config, judgement)].filter(Boolean).join(' · '))}`;
    const ways = changes.flatMap((change) => wayOut(config, change, width, io));
    return [title, ...wrap(message[io.lang], width - 4).map((line) => `  ${line}`), ...ways, ''];
  });
  const missing = config ? [] : wrap(say.noConfig(measured.config ?? '–'), width);
  return [
    `${colors.bold(colors.underline(name))}  ${colors.dim(facts.join(' · '))}`,
    ...missing.map((line) => colors.yellow(line)),
    '',
    ...body,
    ...wrap(say.caveat, width).map((line) => colors.dim(line)),
    '',
  ].join('\n');
}

function wayOut(config: ReadMeasurement['config'], change: Change, width: number, io: CliIo): string[] {
  const colors = pc.createColors(io.color);
  const title = wrap(`→ ${change.title[io.lang]}`, width - 4).map((line) => `  ${colors.bold(line)}`);
  if (!config) return title;
  const edits = editsOf(config, change);
  if (!edits?.length) return [...title, colors.dim(`    ${words[io.lang].noKey}`)];
  const { document } = config.file;
  const before = document.text.split('\n');
  const after = applyEdits(document.text, edits).split('\n');
  const gone = before.filter((line) => !after.includes(line)).map((line) => colors.red(`- ${line}`));
  const come = after.filter((line) => !before.includes(line)).map((line) => colors.green(`+ ${line}`));
  return [...title, ...[...gone, ...come].map((line) => `    ${line}`)];
}

function editsOf(config: ReadMeasurement['config'], change: Change): readonly TextEdit[] | undefined {
  return config && writeChange(config.file, config.run, change);
}

function placeOf({ file, run }: NonNullable<ReadMeasurement['config']>, { fields }: Judgement) {
  const of = file.runs[run];
  return of ? spanOf(of, ...fields) : { start: 0, end: 0 };
}

function place(config: ReadMeasurement['config'], judgement: Judgement): string | undefined {
  if (!config || judgement.id === 'not-finite') return undefined;
  const { start } = rangeOf(config.file.document, placeOf(config, judgement));
  return `${config.file.fileName}:${start.line + 1}`;
}
