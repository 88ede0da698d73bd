import { text } from '../../text.ts';
import { finite } from '../loss-track.ts';
import { curve } from '../metric-series.ts';
import { confidenceOf, median, significant } from '../statistics.ts';
import type { Detector } from '../symptom.ts';

const symptom = 'dead-units';

/** Many units give zero for every input at the end of training. Needs somebody to have counted them. */
export const deadUnits: Detector = {
  symptom,
  detect(series, { thresholds }) {
    const { share } = thresholds.deadUnits;
    const { steps, values } = finite(curve(series, 'deadUnits'));
    if (values.length === 0)
      return {
        symptom,
        cannotTell: text(
          'Nobody counted inactive units; a loss curve alone does not show them.',
          '비활성 유닛 수가 기록되지 않았습니다. 손실 곡선만으로는 알 수 없습니다.',
        ),
      };
    const end = median(values.slice(-Math.max(1, Math.floor(values.length / 10))));
    const start = values[0] ?? 0;
    if (end <= share || end <= 2 * start) return undefined;
    return {
      symptom,
      step: steps[values.findIndex((value) => value > share)] ?? 1,
      confidence: confidenceOf(end, share, 2 * share),
      evidence: { start: significant(start), end: significant(end), threshold: share },
      message: text(
        `${Math.round(100 * end)} % of the units are always zero at the end (${Math.round(100 * start)} % at the start).`,
        `학습이 끝날 때 유닛의 ${Math.round(100 * end)} %가 항상 0을 출력합니다(시작할 때는 ${Math.round(100 * start)} %).`,
      ),
    };
  },
};
