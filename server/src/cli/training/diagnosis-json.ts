import { rangeOf } from '../../document/position.ts';
import type { ConfigDocument, Span } from '../../document/types.ts';
import type { DiagnosedLog } from '../diagnose.ts';
import type { CliIo } from '../io.ts';

/** Symptom records; with a config each says which setting it is laid to and how that is mended. */
export function diagnosisRecords(done: readonly DiagnosedLog[], io: CliIo): object[] {
  return done.flatMap(({ name, diagnosis, config, explained, otherConfig }) =>
    diagnosis.symptoms.map(({ message, ...symptom }) => {
      const one = explained.find((each) => each.symptom.symptom === symptom.symptom);
      return {
        type: 'symptom',
        file: name,
        ...symptom,
        message: message[io.lang],
        ...(config &&
          one && {
            cause: {
              file: config.name,
              ...(one.field && { field: one.field }),
              range: range(config.file.document, one.span),
              why: one.cause.why[io.lang],
            },
            fixes: one.fixes.map(({ change, edits }) => ({
              title: change.title[io.lang],
              safe: change.safe,
              edits: edits.map(({ span, newText }) => ({
                file: config.name,
                range: range(config.file.document, span),
                newText,
              })),
            })),
          }),
        ...(otherConfig && { otherConfig: otherConfig[io.lang] }),
      };
    }),
  );
}

function range(document: ConfigDocument, span: Span) {
  return rangeOf(document, span);
}
