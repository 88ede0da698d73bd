/** Small pieces of a Markdown page. */

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

export function share(part: number, whole: number): string {
  return whole === 0 ? '–' : `${part}/${whole}`;
}

export function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(part > 0 && part < whole / 50 ? 1 : 0)} %`;
}

export function factor(value: number): string {
  if (!Number.isFinite(value)) return '∞';
  return value >= 100 ? '> 100' : value.toFixed(2);
}

/** A factor on a setting: ×10, ×4.1, ÷60. */
export function times(value: number): string {
  const by = value < 1 ? 1 / value : value;
  return `${value < 1 ? '÷' : '×'}${by >= 10 ? Math.round(by) : Number(by.toPrecision(2))}`;
}
