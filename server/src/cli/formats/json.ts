import { rangeOf } from '../../document/position.ts';
import type { Format } from './formats.ts';

/** The contract's form: an array of findings, lines and characters 0-based, UTF-16. */
export const json: Format = (files, io) => {
  const findings = files.flatMap(({ name, document, findings }) =>
    document
      ? findings.map((finding) => ({
          file: name,
          rule: finding.rule,
          severity: finding.severity,
          message: finding.message[io.lang],
          range: rangeOf(document, finding.span),
          fixes: finding.fixes.map(({ change, edits }) => ({
            title: change.title[io.lang],
            safe: change.safe,
            edits: edits.map((edit) => ({
              file: name,
              range: rangeOf(document, edit.span),
              newText: edit.newText,
            })),
          })),
          data: { ...finding.data, evidence: finding.evidence },
        }))
      : [],
  );
  io.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
};
