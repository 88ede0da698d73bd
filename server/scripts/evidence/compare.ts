/** Three ways of looking at the same series: beside a healthy twin, alone, and with AutoTrainer's thresholds. */
import type { SymptomId } from '../../src/knowledge/ids.ts';
import { diagnose } from '../../src/symptoms/diagnose.ts';
import { autoTrainer, issueSymptoms } from './autotrainer.ts';
import type { Sample } from './samples.ts';

export type View = 'twin' | 'alone' | 'autotrainer';

export interface Tally {
  /** Series in which any trouble was reported. */
  readonly flagged: number;
  /** Series in which it was reported under the planted name or one it may honestly go by. */
  readonly named: number;
  readonly of: number;
}

export interface Comparison {
  readonly views: Readonly<Record<View, Tally>>;
  /** The planted symptom; undefined = healthy rows and harmless changes. */
  readonly planted: SymptomId | undefined;
}

export function compareViews(samples: readonly Sample[]): Comparison[] {
  const answers = samples.map((sample) => ({ sample, answers: answersOf(sample) }));
  const planted = [...new Set(samples.map((sample) => sample.planted))];
  // Healthy rows last.
  planted.sort((a, b) => Number(a === undefined) - Number(b === undefined));
  return planted.map((symptom) => {
    const some = answers.filter(({ sample }) => sample.planted === symptom);
    const tally = (view: View): Tally => ({
      of: some.length,
      flagged: some.filter((each) => each.answers[view].length > 0).length,
      named: some.filter(({ sample, answers: all }) => all[view].some((name) => isName(sample, name))).length,
    });
    return {
      planted: symptom,
      views: { twin: tally('twin'), alone: tally('alone'), autotrainer: tally('autotrainer') },
    };
  });
}

function isName({ planted, alsoCalled }: Sample, name: SymptomId): boolean {
  return name === planted || alsoCalled.includes(name);
}

function answersOf({ series, verdict, result }: Sample): Readonly<Record<View, readonly SymptomId[]>> {
  const alone = diagnose(series).symptoms.map(({ symptom }) => symptom);
  return {
    alone,
    // A healthy row is its own twin, beside which nothing could be false: it is looked at alone.
    twin: verdict ?? alone,
    autotrainer: autoTrainer(result).flatMap((issue) => issueSymptoms[issue]),
  };
}
