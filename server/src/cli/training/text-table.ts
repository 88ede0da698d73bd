import { stripVTControlCharacters } from 'node:util';
import { displayWidth } from '../wrap.ts';

/** Width of a text that may hold colour codes. */
function shownWidth(text: string): number {
  return displayWidth(stripVTControlCharacters(text));
}

/** Columns padded to their widest cell; the one numbered `flexible` is cut to what is left of `width`. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
  flexible = 0,
): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => shownWidth(row[column] ?? ''))));
  const others = widths.reduce((sum, each, column) => sum + (column === flexible ? 0 : each + 2), 0);
  widths[flexible] = Math.max(12, Math.min(widths[flexible] ?? 0, width - 2 - others));
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, column) => fit(cell, widths[column] ?? 0)).join('  ')}`.trimEnd();
  const rule = `  ${widths.map((each) => '─'.repeat(each)).join('  ')}`;
  return `${[line(header), rule, ...rows.map(line)].join('\n')}\n`;
}

function fit(cell: string, width: number): string {
  const shown = shownWidth(cell);
  if (shown <= width) return cell + ' '.repeat(width - shown);
  // Cut by visible signs; colour codes take no room and are kept, so that what was opened is closed.
  let room = width - 1;
  let result = '';
  let cut = false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with ESC
  for (const part of cell.split(/(\u001b\[[0-9;]*m)/)) {
    if (part.startsWith('\u001b')) {
      result += part;
      continue;
    }
    for (const sign of part) {
      const size = displayWidth(sign);
      if (room - size < 0) {
        if (!cut) result += '…';
        cut = true;
        room = 0;
        break;
      }
      if (cut) break;
      result += sign;
      room -= size;
    }
  }
  return result + ' '.repeat(Math.max(0, width - shownWidth(result)));
}
