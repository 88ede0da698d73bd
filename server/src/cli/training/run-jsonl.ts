import type { SanityEvent, SanityReport } from '../../training/types.ts';
import type { CliIo } from '../io.ts';

/** One record a line as they come; non-finite numbers are written as `null`, which JSON has for them. */
export function jsonLines(io: CliIo): {
  event: (event: SanityEvent) => void;
  end: (report: SanityReport) => void;
} {
  const write = (record: Record<string, unknown>) => io.stdout.write(`${JSON.stringify(record)}\n`);
  return {
    event(event) {
      switch (event.type) {
        case 'plan': {
          const { proxy, spec, scaled, why, recognised, notes } = event.plan;
          write({
            type: 'spec',
            proxy,
            optimizer: spec.optimizer.kind,
            steps: spec.steps,
            seed: spec.seed,
            scaled: scaled.map(({ what, from, to, rule, source }) => ({
              what: what[io.lang],
              from: from ?? null,
              to: to ?? null,
              rule: rule[io.lang],
              source,
            })),
            backend: event.backend,
            why: why[io.lang],
            recognised,
            notes: notes.map((note) => note[io.lang]),
            hyperparameters: spec.optimizer,
          });
          break;
        }
        case 'steps':
          if (event.of === 'run')
            for (const { metrics, ...record } of event.records)
              write({ type: 'step', ...record, ...metrics });
          break;
        case 'symptom': {
          const { message, ...symptom } = event.symptom;
          write({ type: 'symptom', ...symptom, message: message[io.lang] });
          break;
        }
        case 'fix': {
          if (!event.final) break;
          const { change, records: _, healed, ...fix } = event.fix;
          write({
            type: 'fix',
            ...fix,
            title: change.title[io.lang],
            change: { safe: change.safe, operations: change.operations },
            healed: fix.verdict === 'heals',
            seedsHealed: healed,
          });
          break;
        }
        default:
      }
    },
    end(report) {
      write({
        type: 'summary',
        healthy: report.healthy,
        symptoms: report.symptoms.map(({ symptom }) => symptom),
        seconds: Math.round(report.seconds * 1000) / 1000,
        ratio: report.ratio,
        seeds: report.seeds,
        verdict: report.verdict[io.lang],
        caveats: report.caveats.map((caveat) => caveat[io.lang]),
        cannotTell: report.cannotTell.map(({ symptom, cannotTell }) => ({
          symptom,
          why: cannotTell[io.lang],
        })),
      });
    },
  };
}
