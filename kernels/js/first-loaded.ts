/** What loaded, if anything did, and why those asked before it did not: "linux-x64: this processor has no AVX2". */
export interface FirstLoaded<T> {
  readonly loaded: T | undefined;
  readonly refusals: readonly string[];
}

/** Tries `attempts` in their order until one does not throw. */
export function firstLoaded<T>(attempts: ReadonlyMap<string, () => T>): FirstLoaded<T> {
  const refusals: string[] = [];
  for (const [name, attempt] of attempts) {
    try {
      return { loaded: attempt(), refusals };
    } catch (error) {
      const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
      refusals.push(`${name}: ${reason}`);
    }
  }
  return { loaded: undefined, refusals };
}
