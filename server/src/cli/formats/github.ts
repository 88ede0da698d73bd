import { rangeOf } from '../../document/position.ts';
import type { Format } from './formats.ts';

const levels = { error: 'error', warning: 'warning', information: 'notice', hint: 'notice' } as const;

/** Workflow commands that GitHub Actions turns into annotations. */
export const github: Format = (files, io) => {
  for (const { name, document, findings } of files)
    for (const finding of document ? findings : []) {
      const { start, end } = rangeOf(document!, finding.span);
      const place = {
        file: name,
        line: start.line + 1,
        col: start.character + 1,
        endLine: end.line + 1,
        endColumn: end.character + 1,
        title: `trainlint ${finding.rule}`,
      };
      const properties = Object.entries(place).map(
        ([key, value]) => `${key}=${escapeProperty(String(value))}`,
      );
      io.stdout.write(
        `::${levels[finding.severity]} ${properties.join(',')}::${escapeData(finding.message[io.lang])}\n`,
      );
    }
};

const escapeData = (text: string) =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapeProperty = (text: string) => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
