export { methodOf, stageOf } from '../../run/situation.ts';
