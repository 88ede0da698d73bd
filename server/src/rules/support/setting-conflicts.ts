import type { ConfigView } from '../../dialects/dialect.ts';
import type { ConfigNode, ConfigValue, LoadedValue, Path } from '../../document/types.ts';
import type { ConfigFile } from '../../engine/config-file.ts';
import {
  type SettingCondition,
  type SettingConflict,
  type SettingFix,
  settingConflictTable,
} from '../../knowledge/framework-facts.ts';
import { type Change, type Operation, set } from '../../run/change.ts';
import type { Finding } from '../rule.ts';
import { finding } from './findings.ts';

/** Findings of the rows of `setting-conflicts` that belong to `rule` and hold in this file. */
export function conflictFindings(file: ConfigFile, rule: string): readonly Finding[] {
  const rows = settingConflictTable.filter(
    (row) => row.rule === rule && row.dialects.includes(file.dialect.id),
  );
  return rows.flatMap((row) => file.views.flatMap((view) => findingsIn(file, view, row)));
}

function findingsIn(file: ConfigFile, view: ConfigView, row: SettingConflict): readonly Finding[] {
  const root = file.document.roots[view.root];
  const blocks = row.anywhere && root ? [...mapPaths(root)] : [[]];
  return blocks.flatMap((block) => {
    const at = (path: string): Path => [...block, ...path.split('.')];
    if (!row.when.every((condition) => holds(view, at, condition))) return [];
    const node = view.at(at(row.at));
    const shown = node ?? view.at(block) ?? root;
    if (!shown) return [];
    const span = node ? node.span : { start: shown.span.start, end: shown.span.start };
    return [
      finding(span, row.message, {
        severity: row.severity,
        evidence: [`setting-conflicts/${row.id}`],
        changes: row.fixes.flatMap((fix) => changeOf(view, at, fix)),
        data: { row: row.id },
      }),
    ];
  });
}

function* mapPaths(root: ConfigNode): Generator<Path> {
  const open: ConfigNode[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.kind === 'seq') open.push(...node.items);
    if (node.kind !== 'map') continue;
    yield node.path;
    open.push(...node.entries.map(({ value }) => value));
  }
}

type At = (path: string) => Path;

function holds(view: ConfigView, at: At, condition: SettingCondition): boolean {
  const node = resolved(view, at(condition.path));
  const present = isPresent(view, node);
  if (condition.present !== undefined && condition.present !== present) return false;
  if (condition.lacks !== undefined && present && textsOf(node).some((one) => matches(one, condition.lacks)))
    return false;
  const asks =
    condition.is ??
    condition.isNot ??
    condition.above ??
    condition.below ??
    condition.matches ??
    condition.differsFrom;
  if (asks === undefined) return true;
  const value = present ? valueOf(view, node) : condition.default;
  // Decided elsewhere (`${…}`), a block where a value is due, or absent without a default: nothing to say.
  if (value === undefined) return condition.isNot !== undefined && !present;
  const text = present && node?.kind === 'scalar' ? node.text : String(value);
  const equals = (other: string | number | boolean) =>
    typeof other === 'string' ? text.toLowerCase() === other.toLowerCase() : value === other;
  if (condition.is !== undefined && !equals(condition.is)) return false;
  if (condition.isNot !== undefined && equals(condition.isNot)) return false;
  if (condition.above !== undefined && !(typeof value === 'number' && value > condition.above)) return false;
  if (condition.below !== undefined && !(typeof value === 'number' && value < condition.below)) return false;
  if (condition.matches !== undefined && !matches(text, condition.matches)) return false;
  return condition.differsFrom === undefined || differs(view, at, condition, value);
}

function differs(
  view: ConfigView,
  at: At,
  condition: SettingCondition,
  value: string | number | boolean,
): boolean {
  const node = resolved(view, at(condition.differsFrom ?? ''));
  const other = isPresent(view, node) ? valueOf(view, node) : condition.otherDefault;
  return other !== undefined && typeof other === typeof value && other !== value;
}

function resolved(view: ConfigView, path: Path): ConfigNode | undefined {
  const node = view.at(path);
  return node?.kind === 'alias' ? node.target : node;
}

/** Written and not empty: `fsdp:` and `fsdp: []` say that there is none. */
function isPresent(view: ConfigView, node: ConfigNode | undefined): boolean {
  if (!node) return false;
  if (node.kind === 'seq') return node.items.length > 0;
  if (node.kind === 'map') return node.entries.length > 0;
  return node.kind === 'scalar' && view.loader.scalar(node).kind !== 'null' && node.text !== '';
}

function valueOf(view: ConfigView, node: ConfigNode | undefined): string | number | boolean | undefined {
  return node?.kind === 'scalar' ? plain(view.loader.scalar(node)) : undefined;
}

function plain(loaded: LoadedValue): string | number | boolean | undefined {
  return loaded.kind === 'null' || loaded.kind === 'unknown' ? undefined : loaded.value;
}

function textsOf(node: ConfigNode | undefined): readonly string[] {
  if (node?.kind === 'scalar') return [node.text];
  return node?.kind === 'seq' ? node.items.flatMap((item) => textsOf(item)) : [];
}

function matches(text: string, pattern: string | undefined): boolean {
  return pattern !== undefined && new RegExp(pattern).test(text);
}

function changeOf(view: ConfigView, at: At, fix: SettingFix): readonly Change[] {
  const operations = operationsOf(view, at, fix);
  return operations.length > 0 ? [{ title: fix.title, safe: false, operations }] : [];
}

function operationsOf(view: ConfigView, at: At, fix: SettingFix): readonly Operation[] {
  const { root } = view;
  if (fix.delete !== undefined) return [{ op: 'delete', root, path: at(fix.delete) }];
  if (fix.write !== undefined) return respell(view, at(fix.write.path), fix.write.value);
  if (fix.copy !== undefined) {
    const value = valueOf(view, resolved(view, at(fix.copy.from)));
    return value === undefined ? [] : respell(view, at(fix.copy.to), value);
  }
  if (fix.move === undefined) return [];
  const value = valueOf(view, resolved(view, at(fix.move.from)));
  if (typeof value !== 'number') return [];
  return [{ op: 'delete', root, path: at(fix.move.from) }, set(fix.move.field, value)];
}

function respell(view: ConfigView, path: Path, value: ConfigValue): readonly Operation[] {
  return view.has(path) ? [{ op: 'respell', root: view.root, path, value }] : [];
}
