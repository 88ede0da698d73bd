import ignore from 'ignore';

/** Whether patterns of .gitignore match a path; a path outside the project's root is matched by its name alone. */
function matches(patterns: readonly string[], fileName: string): boolean {
  if (patterns.length === 0) return false;
  const path = ignore.isPathValid(fileName) ? fileName : (fileName.split(/[\\/]/).pop() ?? '');
  if (path === '') return false;
  return ignore()
    .add([...patterns])
    .ignores(path);
}

export function isExcluded(patterns: readonly string[], fileName: string): boolean {
  return matches(patterns, fileName);
}

/** The dialect of the last pattern that matches, as the user orders them. */
export function dialectFor(
  associations: Readonly<Record<string, string>>,
  fileName: string,
): string | undefined {
  let found: string | undefined;
  for (const [pattern, dialect] of Object.entries(associations))
    if (matches([pattern], fileName)) found = dialect;
  return found;
}
