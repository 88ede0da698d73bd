import type { FixView } from '../run-view.ts';

/** One change and what it did to each symptom it was tried against. */
export interface FixGroup {
  readonly title: string;
  /** What it did over all: heals only if it heals every symptom it was tried against. */
  readonly verdict: NonNullable<FixView['verdict']> | 'trying';
  /** The one to apply, and to show the state of. */
  readonly first: FixView;
  readonly fixes: readonly FixView[];
}

const rank = { heals: 0, partly: 1, no: 2, worse: 3, trying: 4 } as const;

/** The same change tried against several symptoms is one row; what helps most stands first. */
export function groupFixes(fixes: readonly FixView[]): FixGroup[] {
  const byTitle = new Map<string, FixView[]>();
  for (const fix of fixes) byTitle.set(fix.title, [...(byTitle.get(fix.title) ?? []), fix]);
  const groups = [...byTitle].flatMap(([title, list]): FixGroup[] => {
    const [first] = list;
    return first ? [{ title, verdict: overall(list), first, fixes: list }] : [];
  });
  return groups.sort((a, b) => rank[a.verdict] - rank[b.verdict] || ratio(a) - ratio(b));
}

function overall(fixes: readonly FixView[]): FixGroup['verdict'] {
  const verdicts = fixes.map(({ verdict }) => verdict ?? 'trying');
  if (verdicts.includes('trying')) return 'trying';
  const unique = new Set(verdicts);
  const [only] = unique;
  if (unique.size === 1 && only) return only;
  if (unique.has('heals') || unique.has('partly')) return 'partly';
  return unique.has('worse') ? 'worse' : 'no';
}

function ratio({ first }: FixGroup): number {
  return first.ratio ?? Number.POSITIVE_INFINITY;
}
