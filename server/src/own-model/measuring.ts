import type { Say } from './python.ts';

/** The part of the generated file that is the same for everybody: what is measured, how it is put back, what is told. */
export function measuring(say: Say): string {
  return `
# ${say('From here on nothing needs an edit.', '여기부터는 고칠 필요가 없습니다.')}
HALF = {"bf16-mixed": torch.bfloat16, "fp8": torch.bfloat16, "fp16-mixed": torch.float16}.get(PRECISION)


def measure(model, batches, loss):
    """${say('Measures, puts everything back, prints. Can also be called from a script of yours.', '측정한 뒤 모두 되돌리고 출력합니다. 직접 만든 스크립트에서 불러도 됩니다.')}"""
    started = time.time()
    if all(p.device.type == "cpu" for p in model.parameters()):
        model.to(DEVICE)
    device = next(model.parameters()).device
    names, params = zip(*[(n, p) for n, p in model.named_parameters() if p.requires_grad])
    # ${say('What is put back at the end. The copies of the weights stay on the CPU.', '마지막에 되돌릴 상태입니다. 가중치 사본은 CPU에 둡니다.')}
    weights, grads = [p.detach().to("cpu", copy=True) for p in params], [p.grad for p in params]
    buffers = {n: b.detach().clone() for n, b in model.named_buffers()}
    modes, numpy = [(m, m.training) for m in model.modules()], sys.modules.get("numpy")
    dice = random.getstate(), numpy and numpy.random.get_state()

    @torch.no_grad()
    def put_back():
        for p, w in zip(params, weights):
            p.copy_(w)
        for n, b in model.named_buffers():
            if n in buffers and b.shape == buffers[n].shape:
                b.copy_(buffers[n])

    @torch.no_grad()
    def move(eta, update):  # ${say('the weights as they were, − eta * update', '처음 가중치 − eta * update')}
        for p, w, d in zip(params, weights, update):
            p.copy_(w.to(p.device).float() - eta * d)

    def step_loss(step, scale=None):
        """${say('Mean loss of one optimizer step; with a scale, gradients too. Every pass draws the same dropout.', '옵티마이저 스텝 하나의 평균 손실. scale을 주면 그래디언트도 구합니다. 드롭아웃은 매번 같습니다.')}"""
        total = 0.0
        for i, batch in enumerate(step):
            torch.manual_seed(i), random.seed(i), numpy and numpy.random.seed(i)
            with torch.set_grad_enabled(scale is not None), torch.autocast(device.type, dtype=HALF, enabled=HALF is not None):
                value = loss(model, batch) / len(step)
            if scale:
                (value * scale).backward()
            total += float(value.detach())
        return total

    def gradient(step):
        for scale in (65536.0, 256.0, 1.0) if HALF is torch.float16 else (1.0,):  # ${say('loss scaling of fp16', 'fp16 손실 스케일링')}
            for p in params:
                p.grad = None
            value = step_loss(step, scale)
            g = [torch.zeros_like(p).float() if p.grad is None else p.grad.to_dense().float() / scale for p in params]
            norm = math.sqrt(sum(dot(x, x) for x in g))
            if math.isfinite(norm):
                break
        return value, g, norm

    def first_update(g, norm):
        """${say("What the optimizer's first step takes off, per unit of learning rate, after the config's clipping.", '설정대로 클리핑한 뒤 옵티마이저의 첫 스텝이 빼는 값(학습률 1당).')}"""
        share = min(1.0, CLIP / (norm + 1e-6)) if CLIP else 1.0
        exact, update = torch.float32 if device.type == "mps" else torch.float64, []
        for p, x in zip(params, g):
            twin = torch.nn.Parameter(p.detach().to(exact, copy=True))
            twin.grad = (x * share).clamp(-(CLIP_VALUE or math.inf), CLIP_VALUE or math.inf).to(exact)
            make_optimizer([twin], 1.0).step()
            update.append((p.detach() - twin.detach()).float())
        return update

    def critical_rate(step, update):
        """${say('Largest rate at which the loss of the same batch does not rise: doubled or halved, then bisected to 5 %.', '같은 배치의 손실이 높아지지 않는 최대 학습률: 두 배나 절반으로 옮겨 가며 찾고 5 %까지 좁힙니다.')}"""
        base, again = step_loss(step), step_loss(step)
        noise = max(abs(base) * (1e-4 if HALF or PRECISION in ("bf16", "fp16") else 1e-6), 3 * abs(base - again))

        def rises(eta):  # ${say('a loss that is not finite has risen, too', '유한하지 않은 손실도 높아진 것으로 봅니다')}
            move(eta, update)
            return not step_loss(step) <= base + noise

        eta = LR or 1e-3
        factor = 0.5 if rises(eta) else 2.0
        for _ in range(30):
            if rises(eta * factor) == (factor == 2.0):
                break
            eta *= factor
        else:
            return math.inf if factor == 2.0 else math.nan
        eta *= min(factor, 1.0)
        for power in (1 / 2, 1 / 4, 1 / 8, 1 / 16):
            eta *= 1.0 if rises(eta * 2**power) else 2**power
        return eta

    losses, norms, bad, critical, curved, ratios, mean, steps, samples = [], [], [], [], [], [], None, 0, 0
    try:
        with torch.random.fork_rng():
            model.train()
            stream = iter(batches)
            while steps < STEPS and (step := [to_device(b, device) for b in islice(stream, ACCUMULATION)]):
                steps += 1
                value, g, norm = gradient(step)
                if math.isfinite(value) and math.isfinite(norm):
                    losses.append(value), norms.append(norm)
                    samples += sum(size_of(b) for b in step)
                    mean = [x.cpu() for x in g] if mean is None else [m.add_(x.cpu()) for m, x in zip(mean, g)]
                else:
                    bad.append(steps)
                if len(critical) < SEARCHES and bad[-1:] != [steps]:
                    update = first_update(g, norm)
                    slope = sum(dot(x, d) for x, d in zip(g, update))
                    critical.append(critical_rate(step, update) if slope > 0 else math.nan)
                    near = 0.05 * critical[-1] if math.isfinite(critical[-1]) else LR or 1e-3
                    move(near, update)  # ${say('the slope along the update a little further on gives the curvature', '조금 나아간 곳의 기울기와 비교해 곡률을 구합니다')}
                    bend = (slope - sum(dot(x, d) for x, d in zip(gradient(step)[1], update))) / near
                    curved.append(2 * slope / bend if bend > 0 else math.inf)
                    ratios = ratios or [(LR * float(d.norm()) / float(w.float().norm()), n)
                                        for n, w, d in zip(names, weights, update) if LR and w.dim() > 1 and w.any()]
                put_back()
    finally:
        put_back()
        for p, x in zip(params, grads):
            p.grad = x
        for m, mode in modes:
            m.training = mode
        random.setstate(dice[0]), numpy and numpy.random.set_state(dice[1])
    known, k = quantiles(norms) if norms else None, len(norms)
    if k > 3:  # ${say('tr(Σ)/|G|² in samples, from two batch sizes: McCandlish et al. 2018, appendix A.1', '두 배치 크기로 구한 tr(Σ)/|G|², 단위는 표본: McCandlish 외 2018, 부록 A.1')}
        small, big = sum(n * n for n in norms) / k, sum(dot(x, x) for x in mean) / k**2
        signal, noise = (k * big - small) / (k - 1), (small - big) * samples / (k - 1)
    report(criticalRate=spread(critical), curvatureRate=spread(curved), notFinite=bad, steps=steps,
           loss=quantiles(losses)["p50"] if losses else None,
           gradNorm=known and {**known, "clipped": sum(n > CLIP for n in norms) / k if CLIP else 0.0},
           updateRatio=ratios and dict(zip(("largest", "in"), max(ratios)), median=sorted(ratios)[len(ratios) // 2][0]) or None,
           noiseScale=noise / signal if k > 3 and signal > 0 and noise > 0 else None, samplesPerStep=samples / max(k, 1),
           untouched=all(torch.equal(p.detach().cpu(), w) for p, w in zip(params, weights)), device=device.type,
           parameters=sum(w.numel() for w in weights), seconds=round(time.time() - started, 1))


def dot(x, y): return float(torch.dot(x.flatten().float(), y.flatten().float()))


def to_device(x, device):
    if hasattr(x, "to"):
        return x.to(device)
    if isinstance(x, dict):
        return {k: to_device(v, device) for k, v in x.items()}
    return type(x)([to_device(v, device) for v in x]) if type(x) in (list, tuple) else x


def size_of(x):  # ${say('samples in a batch: the first dimension of its first tensor', '배치의 표본 수: 첫 텐서의 첫 차원')}
    if torch.is_tensor(x):
        return x.shape[0] if x.dim() else 0
    inside = x.values() if hasattr(x, "values") else x if isinstance(x, (list, tuple)) else ()
    return next((n for n in map(size_of, inside) if n), 0)


def quantiles(values):
    q = torch.tensor(values, dtype=torch.float64).quantile(torch.tensor([0.1, 0.5, 0.9], dtype=torch.float64))
    return dict(zip(("p10", "p50", "p90"), q.tolist()), max=max(values))


def spread(values):  # ${say('None for an end without a limit; None at all where no batch could tell', '한계가 없는 값은 None, 어느 배치로도 판단할 수 없으면 전체가 None')}
    known = sorted(v for v in values if not math.isnan(v))
    ends = {"median": known[len(known) // 2], "low": known[0], "high": known[-1]} if known else {}
    return {k: v if math.isfinite(v) else None for k, v in ends.items()} | {"batches": len(known)} if known else None


def report(**found):
    rate, g, u, noise = (found[key] for key in ("criticalRate", "gradNorm", "updateRatio", "noiseScale"))
    show = lambda v: "${say('no limit', '한계 없음')}" if v is None else f"{v:.3g}"
    range_of = lambda r: f"{show(r['median'])} ({show(r['low'])} – {show(r['high'])})" if r else "${say('cannot be told', '판단할 수 없음')}"
    print(f"Trainlint · {CONFIG} · ${say('measured on your own model', '실제 모델에서 측정')}")
    print("  ${say('critical learning rate', '임계 학습률')}:", range_of(rate), "· ${say('2/curvature', '2/곡률')}:", range_of(found["curvatureRate"]))
    if LR and rate and rate["median"]:
        print(f"  ${say("your learning rate: {LR:g}, {LR / rate['median']:.2g} times the critical one", "설정한 학습률: {LR:g}, 임계 학습률의 {LR / rate['median']:.2g}배")}")
    if g:
        print(f"  ${say("gradient norm: p10 {g['p10']:.3g} · p50 {g['p50']:.3g} · p90 {g['p90']:.3g} · max {g['max']:.3g}", "그래디언트 노름: p10 {g['p10']:.3g} · p50 {g['p50']:.3g} · p90 {g['p90']:.3g} · 최대 {g['max']:.3g}")}")
        clip = f"${say("clipped at {CLIP:g}: {g['clipped']:.0%} of the steps", "{CLIP:g}에서 클리핑되는 스텝: {g['clipped']:.0%}")}" if CLIP else "${say('no clipping', '클리핑 없음')}"
        print(f"  {clip}${say("; usual would be the p90, {g['p90']:.2g}", ". 보통은 p90({g['p90']:.2g})에서 클리핑")}")
    if u:
        print(f"  ${say("update / weight: median {u['median']:.2g}, largest {u['largest']:.2g} ({u['in']}); usual is about", "업데이트 / 가중치: 중앙값 {u['median']:.2g}, 최대 {u['largest']:.2g} ({u['in']}), 보통 약")} {USUAL_RATIO:g}")
    if noise:
        print(f"  ${say("gradient noise scale: about {noise:.2g} samples (measured with {found['samplesPerStep']:g} a step)", "그래디언트 노이즈 스케일: 표본 약 {noise:.2g}개(스텝당 {found['samplesPerStep']:g}개로 측정)")}")
    if found["notFinite"]:
        print("  ${say('loss or gradient not finite in step', '손실이나 그래디언트가 유한하지 않은 스텝')}:", *found["notFinite"])
    print("  ${say('weights', '가중치')}:", "${say('unchanged', '그대로')}" if found["untouched"] else "${say('CHANGED', '바뀜')}")
    print(json.dumps({"trainlint": dict(version=1, config=CONFIG, run=RUN, optimizer=OPTIMIZER, lr=LR, clipNorm=CLIP, **found)}))


if __name__ == "__main__":
    measure(*build())
`;
}
