import type { FieldBinding } from '../../dialects/dialect.ts';
import { choicesOf, spellingOf } from '../../dialects/spellings.ts';
import type { Path } from '../../document/types.ts';
import type { ConfigFile } from '../../engine/config-file.ts';
import { optimizerStanding } from '../../knowledge/domains.ts';
import { type DomainId, optimizerIds } from '../../knowledge/ids.ts';
import { optimizerById } from '../../knowledge/optimizers.ts';
import { pathKey } from '../../rules/support/scalars.ts';
import type { FieldId, FieldTypes } from '../../run/fields.ts';
import { valueOf } from '../../run/training-run.ts';
import { type Text, text } from '../../text.ts';

/** One value that can be written at a place. */
export interface Choice {
  readonly written: string;
  /** 1 to 3 as the domain ranks it, 4 = also used there, 5 = no opinion. */
  readonly rank: number;
  readonly detail?: Text;
  readonly about?: Text;
}

/** The names this framework takes at `path`: those that, written and read again, mean what they were written for. */
export function choicesFor(file: ConfigFile, root: number, path: Path): Choice[] {
  const view = file.views[root];
  if (!view) return [];
  for (const [index, layout] of file.layouts.entries()) {
    const run = file.runs[index];
    if (run?.root !== root) continue;
    const binding = layout.bindings.find(({ paths }) => paths.some((one) => pathKey(one) === pathKey(path)));
    if (!binding || binding.readOnly) continue;
    const domain = valueOf(run, 'domain');
    const found = candidates(binding.field, domain).flatMap(({ value, ...choice }) => {
      const written = spellingOf(view, path, binding as FieldBinding<FieldId>, value);
      return written === undefined ? [] : [{ ...choice, written }];
    });
    const once = new Set<string>();
    return found
      .sort((a, b) => a.rank - b.rank)
      .filter(({ written }) => !once.has(written) && once.add(written));
  }
  return [];
}

type Candidate = Omit<Choice, 'written'> & { readonly value: FieldTypes[FieldId] };

function candidates(field: FieldId, domain: DomainId | undefined): Candidate[] {
  if (field === 'optimizer') return optimizerIds.map((id) => optimizerCandidate(id, domain));
  return choicesOf(field).map((value) => ({ value, rank: 5 }));
}

function optimizerCandidate(id: (typeof optimizerIds)[number], domain: DomainId | undefined): Candidate {
  const row = optimizerById(id);
  const standing = domain && optimizerStanding(domain, id);
  const rank = standing === 'also-used' ? 4 : (standing ?? 5);
  const place =
    typeof standing === 'number'
      ? text(`no. ${standing} for ${domain}`, `${domain} ${standing}순위`)
      : standing && text(`also used for ${domain}`, `${domain}에서도 씀`);
  return {
    value: id,
    rank,
    ...(place ? { detail: place } : {}),
    about: text(
      `**${row.name}**: ${row.title.en}\n\n${row.note?.en ?? ''}`,
      `**${row.name}**: ${row.title.ko}\n\n${row.note?.ko ?? ''}`,
    ),
  };
}
