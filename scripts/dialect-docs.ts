/**
 * Writes docs/dialects.md from the dialects themselves: `npx tsx scripts/dialect-docs.ts`. A test checks that the
 * page is current.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { StringForNumber } from '../server/src/dialects/dialect.ts';
import { dialects } from '../server/src/dialects/registry.ts';
import { parseConfig } from '../server/src/document/parse.ts';

export const dialectPagePath = fileURLToPath(new URL('../docs/dialects.md', import.meta.url));

const meaning: Readonly<Record<StringForNumber, string>> = {
  kept: 'used as text: the run breaks',
  cast: 'cast to a number',
  evaluated: 'evaluated as a Python literal',
  unverified: 'not verified',
};

export function dialectPage(): string {
  const rows = dialects.map((dialect) => {
    const format = dialect.formats[0] ?? 'yaml';
    const { loader, stringForNumber, source } = dialect.loader(parseConfig('', format));
    const text = typeof stringForNumber === 'function' ? 'depends on the key' : meaning[stringForNumber];
    const cells = [`\`${dialect.id}\``, dialect.name, dialect.formats.join(', '), loader.name, text, source];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return `# Frameworks

Written by \`npx tsx scripts/dialect-docs.ts\`; do not edit.

A file is read for a framework only on evidence in its keys; \`trainlint resolve FILE\` names the evidence. The loader decides what a value is: \`5e-5\` is text to PyYAML and a number to OmegaConf. The fifth column says what the framework then does with text where it wants a number.

| id | framework | files | loader | text for a number | where this was read |
|---|---|---|---|---|---|
${rows.join('\n')}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(dialectPagePath, dialectPage());
