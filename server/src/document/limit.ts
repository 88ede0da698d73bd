import type { SyntaxProblem } from './types.ts';

/** Ends the walk of a file whose size or depth no reader of the tree should have to bear. */
export class LimitReached {
  readonly problem: SyntaxProblem;

  constructor(problem: SyntaxProblem) {
    this.problem = problem;
  }
}
