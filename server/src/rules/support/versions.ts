/** Compares dotted versions number by number: negative, 0 or positive. Suffixes (`rc1`, `.dev0`) do not count. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbers(version: string): readonly number[] {
  const release = /^\d+(\.\d+)*/.exec(version)?.[0] ?? '0';
  return release.split('.').map(Number);
}
