/**
 * JSON as Python's `json` module writes it: `NaN`, `Infinity` and `-Infinity` stand bare where a loss diverged.
 * They come back as the strings "NaN" and so on, which `numberOf` reads. Throws SyntaxError like `JSON.parse`.
 */
export function parsePythonJson(text: string): unknown {
  return JSON.parse(
    text.replace(/"(?:[^"\\]|\\.)*"|-?Infinity\b|\bNaN\b/g, (token) =>
      token.startsWith('"') ? token : `"${token}"`,
    ),
  );
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
