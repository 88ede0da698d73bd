import { isStated, type TrainingRun, valueOf } from '../run/training-run.ts';
import { literal, type Say } from './python.ts';

/** An optimizer in PyTorch whose first step is the config's. */
export interface FirstStep {
  /** Body of `make_optimizer(params, lr)`. */
  readonly body: string;
  /** Lines before it: a class PyTorch does not have. */
  readonly before?: string;
  /** What the first step of this class leaves out, shown as a comment. */
  readonly note?: string;
}

/**
 * The optimizer of the run, as far as its very first step goes: with empty state, many rules that PyTorch lacks take
 * a step of one it has. `undefined` where there is none, and the user has to put their own.
 */
export function firstStep(run: TrainingRun, say: Say): FirstStep | undefined {
  const name = valueOf(run, 'optimizer');
  const { wrapper, base } = split(name ?? 'adamw');
  const rule = rules[base];
  if (!rule) return undefined;
  const found = rule(run, say);
  const notes = [
    name === undefined &&
      say(
        'EDIT: the config does not say which optimizer; this is AdamW.',
        '수정: 설정에 옵티마이저가 없어 AdamW로 두었습니다.',
      ),
    wrapper === 'sam' &&
      say(
        'SAM takes this step from weights moved uphill first; measured here is the step without that.',
        'SAM은 가중치를 손실이 커지는 쪽으로 먼저 옮긴 뒤 이 스텝을 계산하지만, 여기서는 옮기지 않고 측정합니다.',
      ),
    found.note,
  ].filter((note) => typeof note === 'string');
  return notes.length > 0 ? { ...found, note: notes.join(' ') } : found;
}

/** `lookahead(adam)`: its first step is the inner one's. */
function split(name: string): { wrapper?: string; base: string } {
  const match = /^([a-z-]+)\((.+)\)$/.exec(name);
  return match?.[1] && match[2] ? { wrapper: match[1], base: match[2] } : { base: name };
}

type Rule = (run: TrainingRun, say: Say) => FirstStep;

const torch =
  (name: string, ...args: readonly ((run: TrainingRun) => string | undefined)[]): Rule =>
  (run) => {
    const given = args.map((arg) => arg(run)).filter((arg) => arg !== undefined);
    return { body: `return torch.optim.${name}(${['params', 'lr=lr', ...given].join(', ')})` };
  };

/** What the run does not say is left to PyTorch's default. */
const number =
  (keyword: string, field: 'momentum' | 'eps' | 'weightDecay' | 'beta2') => (run: TrainingRun) => {
    const value = valueOf(run, field);
    return value === undefined ? undefined : `${keyword}=${literal(value)}`;
  };
const decay = number('weight_decay', 'weightDecay');
const eps = number('eps', 'eps');
const betas = (run: TrainingRun) => {
  const [one, two] = [valueOf(run, 'beta1'), valueOf(run, 'beta2')];
  return one === undefined && two === undefined ? undefined : `betas=(${one ?? 0.9}, ${two ?? 0.999})`;
};
const momentum = (run: TrainingRun) => `momentum=${literal(valueOf(run, 'momentum') ?? 0.9)}`;
const adam = (name: string) => torch(name, betas, eps, decay);

/** A rule of its own: `update` is the step for the gradient `g` of the weights `p` at rate 1. */
function own(update: string, run: TrainingRun, note?: string): FirstStep {
  const before = `class FirstStep(torch.optim.Optimizer):
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                g = p.grad
                p.data -= group["lr"] * (${update})`;
  const body = `return FirstStep(params, dict(lr=lr, weight_decay=${literal(valueOf(run, 'weightDecay') ?? 0)}))`;
  return { before, body, ...(note !== undefined && { note }) };
}

const decayed = 'group["weight_decay"] * p.data';

const rules: Readonly<Record<string, Rule>> = {
  sgd: torch('SGD', decay),
  'sgd-momentum': torch('SGD', momentum, decay),
  nag: torch('SGD', momentum, () => 'nesterov=True', decay),
  adagrad: torch('Adagrad', eps, decay),
  rmsprop: torch('RMSprop', number('alpha', 'beta2'), eps, number('momentum', 'momentum'), decay),
  adam: adam('Adam'),
  adamw: adam('AdamW'),
  adamax: adam('Adamax'),
  nadam: adam('NAdam'),
  radam: adam('RAdam'),
  adafactor: (run, say) => {
    const made = own(`adafactor(g) + ${decayed}`, run);
    return {
      ...made,
      before: `def adafactor(g):  # ${say('as T5 and Transformers use it: no relative step, no scaling by the weights', 'T5와 Transformers 방식: 상대 스텝과 가중치 크기에 따른 조정 없음')}
    v = g * g + 1e-30
    if v.dim() > 1:
        rows, columns = v.mean(-1, keepdim=True), v.mean(-2, keepdim=True)
        v = rows * columns / rows.mean(-2, keepdim=True)
    u = g / v.sqrt()
    return u / max(1.0, u.pow(2).mean().sqrt().item())


${made.before}`,
    };
  },
  // RAdam's first step is not adapted yet; Ranger's gradients are centred over all dimensions but the first.
  ranger: (run) =>
    own(`(g - g.mean(tuple(range(1, g.dim())), keepdim=True) if g.dim() > 1 else g) + ${decayed}`, run),
  adabound: (run, say) => ({
    ...adam('Adam')(run, say),
    note: say(
      "AdaBound's bounds are wide open at the first step, so it is Adam's.",
      '첫 스텝에서는 AdaBound의 경계가 넓게 열려 있어 Adam과 같습니다.',
    ),
  }),
  lion: (run) => own(`torch.sign(g) + ${decayed}`, run),
  sophia: (run, say) =>
    own(
      `torch.sign(g) + ${decayed}`,
      run,
      say(
        'Before its first Hessian estimate Sophia steps by the sign of the gradient.',
        'Sophia는 첫 헤시안 추정 전까지 그래디언트의 부호만큼 움직입니다.',
      ),
    ),
  lamb: (run, say) => {
    const small = literal(valueOf(run, 'eps') ?? 1e-6);
    const made = own('trust(p.data, u) * u', run, lambNote(run, say));
    return {
      ...made,
      before: `def trust(w, u):
    return (w.norm() / u.norm()).item() if w.norm() > 0 and u.norm() > 0 else 1.0


${made.before?.replace('g = p.grad', `u = p.grad / (p.grad.abs() + ${small}) + ${decayed}`)}`,
    };
  },
};

function lambNote(run: TrainingRun, say: Say): string | undefined {
  return isStated(run, 'weightDecay')
    ? undefined
    : say(
        'The config does not say the weight decay; none is used.',
        '설정에 가중치 감쇠가 없어 0으로 계산합니다.',
      );
}
