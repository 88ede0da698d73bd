/** The words of the panel's page, in the language of the session; the extension fills them in. */
export interface PanelStrings {
  readonly starting: string;
  readonly training: string;
  readonly loss: string;
  readonly gradNorm: string;
  readonly lr: string;
  readonly step: string;
  readonly yours: string;
  readonly reference: string;
  readonly bestFix: string;
  readonly logScale: string;
  readonly notFinite: string;
  readonly fromStep: string;
  readonly fixes: string;
  readonly trying: string;
  readonly heals: string;
  readonly partly: string;
  readonly no: string;
  readonly worse: string;
  readonly ratio: string;
  readonly apply: string;
  readonly applied: string;
  readonly adviceOnly: string;
  readonly scaled: string;
  readonly setting: string;
  readonly inConfig: string;
  readonly onProxy: string;
  readonly why: string;
  readonly again: string;
  readonly cancel: string;
  readonly seconds: string;
  readonly chartHelp: string;
  readonly earlier: string;
  readonly stale: string;
  readonly cannotTell: string;
  readonly limits: string;
  readonly switching: string;
  readonly switchOffer: string;
  readonly trySwitch: string;
  readonly valLoss: string;
  readonly way: string;
  readonly endValLoss: string;
  readonly overAdam: string;
  readonly lowerOn: string;
  readonly diverged: string;
  readonly howToSwitch: string;
  readonly unseen: string;
  readonly measure: string;
}

/** English; the keys of the translation bundle. `{0}` is filled in by the page. */
export const english: PanelStrings = {
  starting: 'Starting…',
  training: 'Training…',
  loss: 'Loss of the proxy',
  gradNorm: 'Gradient norm of the proxy',
  lr: 'Learning rate of the proxy',
  step: 'step {0}',
  yours: 'your config',
  reference: 'healthy twin',
  bestFix: 'with the best fix',
  logScale: 'log scale',
  notFinite: 'not finite from step {0}',
  fromStep: 'from step {0}',
  fixes: 'Fixes that were trained on the proxy',
  trying: 'training…',
  heals: 'heals',
  partly: 'helps in part',
  no: 'does not heal',
  worse: 'worse',
  ratio: 'final loss {0} × the twin’s',
  apply: 'Apply',
  applied: 'Applied',
  adviceOnly: 'no key in this framework',
  scaled: 'What the proxy does instead ({0})',
  setting: 'Setting',
  inConfig: 'In the config',
  onProxy: 'On the proxy',
  why: 'Why',
  again: 'Run again',
  cancel: 'Cancel',
  seconds: '{0} s',
  chartHelp: '{0}: arrow keys move along the curve',
  earlier: 'From an earlier session',
  stale: 'The config has changed since this run. What is shown belongs to its earlier settings.',
  cannotTell: 'Cannot be seen on this proxy',
  limits: 'What this can and cannot tell',
  switching: 'From Adam to SGD in mid-run',
  switchOffer:
    'Adam reaches a good region quickly; finishing with SGD and momentum usually generalises better for this architecture.',
  trySwitch: 'Try it on the proxy',
  valLoss: 'Validation loss',
  way: 'How it was trained',
  endValLoss: 'End validation loss by seed',
  overAdam: 'Over Adam’s',
  lowerOn: 'Lower on',
  diverged: 'diverged',
  howToSwitch: 'How to do it',
  unseen: '{0} symptoms cannot show on this proxy. What your own model does can be measured:',
  measure: 'Measure on my own model',
};
