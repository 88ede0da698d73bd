import { type Text, text } from '../../text.ts';
import type { SwitchReport } from '../../training/switching.ts';
import { armName, ratesText } from '../../training/switching-words.ts';
import type { Analysis } from '../analysis.ts';
import type { SwitchingParams, SwitchingResult } from '../protocol.ts';
import { noRun, type SanityCheckContext, untrusted } from './sanity-check.ts';

type Context = Pick<SanityCheckContext, 'language' | 'runner' | 'trusted' | 'report' | 'signal'>;

/** Trains the proxy with a switch from Adam to SGD and beside it without. Never rejects. */
export async function switchingCheck(
  analysis: Analysis,
  { token, run: index = 0, steps, seed }: SwitchingParams,
  { language, runner, trusted, report, signal }: Context,
): Promise<SwitchingResult> {
  const none = (outcome: 'cancelled' | 'failed', why: Text): SwitchingResult => ({
    ...{ token, outcome, detail: why[language] },
    ...{ at: null, step: null, arms: [], rates: '', stages: [] },
  });
  const run = analysis.opened.file?.runs[index];
  if (!trusted) return none('failed', untrusted);
  if (!run) return none('failed', analysis.silent ?? noRun);
  try {
    const found = await runner.trySwitching(run, {
      signal,
      onProgress: (done) => report(Math.round(100 * done), ''),
      ...(steps !== undefined && { steps }),
      ...(seed !== undefined && { seed }),
    });
    if (signal.aborted) return none('cancelled', stopped);
    if ('impossible' in found) return none('failed', found.impossible);
    return { token, ...told(found, language) };
  } catch (error) {
    if (signal.aborted) return none('cancelled', stopped);
    const why = error instanceof Error ? error.message : String(error);
    return none('failed', text(why, why));
  }
}

function told(found: SwitchReport, language: 'en' | 'ko'): Omit<SwitchingResult, 'token'> {
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  const [first] = found.points;
  return {
    outcome: found.outcome,
    detail: found.verdict[language],
    at: found.at ?? null,
    step: first && found.at !== undefined ? Math.round(first.at * found.plan.spec.steps) + 1 : null,
    rates: ratesText(found)[language],
    stages: found.stages.map((stage) => stage[language]),
    arms: found.arms.map(({ id, losses, ratio, better, records }) => {
      const measured = records.filter(({ valLoss }) => valLoss !== undefined);
      return {
        id,
        name: armName(id, found)[language],
        losses: losses.map(finite),
        ratio: finite(ratio),
        better,
        steps: measured.map(({ step }) => step),
        valLoss: measured.map(({ valLoss }) => finite(valLoss ?? Number.NaN)),
      };
    }),
  };
}

const stopped = text('The trial was stopped.', '시험을 멈췄습니다.');
