import { createTwoFilesPatch } from 'diff';
import pc from 'picocolors';

/** A unified diff, empty when nothing changes. */
export function unifiedDiff(name: string, before: string, after: string, color: boolean): string {
  if (before === after) return '';
  const patch = createTwoFilesPatch(`a/${name}`, `b/${name}`, before, after, '', '', { context: 3 });
  const { red, green, cyan } = pc.createColors(color);
  return patch
    .split('\n')
    .filter((line) => !line.startsWith('==='))
    .map((line) => {
      if (line.startsWith('+')) return green(line);
      if (line.startsWith('-')) return red(line);
      return line.startsWith('@@') ? cyan(line) : line;
    })
    .join('\n');
}
