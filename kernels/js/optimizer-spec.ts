/**
 * Hyperparameters as the native side takes them, which knows neither null nor undefined: null is a default of the
 * reference and left out, null inside a list is NaN, and only L-BFGS means something else by it: no line search.
 */
export function plainHyperparameters(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (name === 'lineSearch' && value === null) result[name] = 'none';
    else if (Array.isArray(value)) result[name] = value.map((element) => element ?? Number.NaN);
    else if (value !== undefined && value !== null) result[name] = value;
  }
  return result;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A whole spec: its base, a name or a spec of its own, and its parameter groups are made plain too. */
export function plainSpec(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { base, groups, ...hyperparameters } = given;
  return {
    ...plainHyperparameters(hyperparameters),
    ...(typeof base === 'string' ? { base: { kind: base } } : {}),
    ...(isObject(base) ? { base: plainSpec(base) } : {}),
    ...(Array.isArray(groups)
      ? { groups: groups.map((group: unknown) => (isObject(group) ? plainHyperparameters(group) : group)) }
      : {}),
  };
}
