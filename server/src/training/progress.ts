/** How much of the mini-runs is done. */
export interface Tracker {
  step(): void;
  expect(more: number): void;
}

export function progressOf(first: number, report: (done: number) => void): Tracker {
  let expected = first;
  let done = 0;
  return {
    step: () => report(Math.min(1, ++done / expected)),
    expect: (more) => {
      expected += more;
      // What need not be trained is as good as done.
      if (more < 0) report(Math.min(1, done / expected));
    },
  };
}
