import { rangeOf } from '../../document/position.ts';
import type { ConfigDocument, Span } from '../../document/types.ts';
import { ruleDocsUrl } from '../../rules/docs-url.ts';
import { rules } from '../../rules/registry.ts';
import { version } from '../../version.ts';
import type { FixableFinding, Format } from './formats.ts';

const levels = { error: 'error', warning: 'warning', information: 'note', hint: 'note' } as const;

/** SARIF 2.1.0, for code scanning. */
export const sarif: Format = (files, io) => {
  const used = new Set(files.flatMap(({ findings }) => findings.map(({ rule }) => rule)));
  const shown = rules.filter(({ meta }) => used.has(meta.id));
  const index = new Map(shown.map(({ meta }, position) => [meta.id, position]));
  const results = files.flatMap(({ name, document, findings }) =>
    document ? findings.map((finding) => result(finding, name, document)) : [],
  );

  function result(finding: FixableFinding, name: string, document: ConfigDocument) {
    const artifactLocation = { uri: encodeURI(name) };
    return {
      ruleId: finding.rule,
      ruleIndex: index.get(finding.rule) ?? -1,
      level: levels[finding.severity],
      message: { text: finding.message[io.lang] },
      locations: [{ physicalLocation: { artifactLocation, region: region(document, finding.span) } }],
      ...(finding.fixes.length > 0 && {
        fixes: finding.fixes.map(({ change, edits }) => ({
          description: { text: change.title[io.lang] },
          artifactChanges: [
            {
              artifactLocation,
              replacements: edits.map(({ span, newText }) => ({
                deletedRegion: region(document, span),
                insertedContent: { text: newText },
              })),
            },
          ],
        })),
      }),
    };
  }

  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        columnKind: 'utf16CodeUnits',
        tool: {
          driver: {
            name: 'trainlint',
            version,
            rules: shown.map(({ meta }) => ({
              id: meta.id,
              shortDescription: { text: meta.what[io.lang] },
              fullDescription: { text: meta.why[io.lang] },
              helpUri: ruleDocsUrl(meta.id, io.lang),
              defaultConfiguration: { level: levels[meta.severity] },
            })),
          },
        },
        results,
      },
    ],
  };
  io.stdout.write(`${JSON.stringify(log, null, 2)}\n`);
};

function region(document: ConfigDocument, span: Span) {
  const { start, end } = rangeOf(document, span);
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}
