"""PyTorch's losses and gradients of the networks in src/binding/operation_networks.cpp, of gpt with dropout and of bert-masked.

Run in kernels/ after `npm run build`, with PyTorch 2.13 and NumPy:  python test/golden/operations.py
It asks the addon for weights and batch, computes in float64, and writes `operations` of torch-gradients.json.
The masks of dropout are drawn here too, from the definition of Philox4x32-10 (Salmon et al. 2011).
"""

import json
import pathlib
import subprocess

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
HERE = pathlib.Path(__file__).parent
SEED, BATCH = 7, 4
DROPOUT_STREAM = 10


def inspect(network, dropout):
    code = (
        "const { inspection } = await import('./test/support.ts');"
        f"const r = inspection().inspectProxy('{network}', {SEED}, {BATCH}, 0, {dropout});"
        "console.log(JSON.stringify(r, (_, v) => (ArrayBuffer.isView(v) ? [...v] : v)));"
    )
    command = ["node", "--import", "tsx", "--input-type=module", "-e", code]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, cwd=HERE.parents[1]).stdout)


def philox(counters, key):
    c = [np.uint64(x) * np.ones_like(counters[0], dtype=np.uint64) for x in counters]
    k = [np.uint64(x) for x in key]
    low = np.uint64(0xFFFFFFFF)
    for _ in range(10):
        p0, p1 = np.uint64(0xD2511F53) * c[0], np.uint64(0xCD9E8D57) * c[2]
        c = [(p1 >> np.uint64(32)) ^ c[1] ^ k[0], p1 & low, (p0 >> np.uint64(32)) ^ c[3] ^ k[1], p0 & low]
        k = [(k[0] + np.uint64(0x9E3779B9)) & low, (k[1] + np.uint64(0xBB67AE85)) & low]
    return np.stack(c, axis=-1).ravel()


def mask(shape, share, layer):
    """Of the first step: sequence 0."""
    n = int(np.prod(shape))
    blocks = np.arange((n + 3) // 4, dtype=np.uint64)
    words = philox([blocks, DROPOUT_STREAM + (layer << 8), 0, 0], [SEED, 0])[:n]
    kept = words >= np.uint64(int(share * 2**32))
    return torch.tensor(np.where(kept, 1 / (1 - share), 0.0).reshape(shape))


class Weights:
    """Hands out the parameters in the order of the layout."""

    def __init__(self, shapes, values):
        self.tensors, at = [], 0
        for shape in shapes:
            n = int(np.prod(shape))
            self.tensors.append(torch.tensor(values[at : at + n], dtype=torch.float64).reshape(shape).requires_grad_())
            at += n
        self.left = iter(self.tensors)

    def __call__(self, count=1):
        taken = [next(self.left) for _ in range(count)]
        return taken[0] if count == 1 else taken


def heads(x, count):
    return x.reshape(*x.shape[:-1], count, -1).transpose(-2, -3)


def attend(w, x, count, causal, lengths=None):
    t = x.shape[1]
    q, k, v = F.linear(x, *w(2)).chunk(3, dim=-1)
    allowed = torch.ones(x.shape[0], 1, t, t, dtype=torch.bool)
    if causal:
        allowed = allowed.tril()
    if lengths is not None:
        allowed = allowed & (torch.arange(t) < lengths[:, None])[:, None, None, :]
    y = F.scaled_dot_product_attention(heads(q, count), heads(k, count), heads(v, count), attn_mask=allowed)
    return F.linear(y.transpose(1, 2).flatten(2), *w(2))


def group_norm(w, x, y, ids):
    h = F.conv2d(x.reshape(BATCH, 4, 4, 3).permute(0, 3, 1, 2), *w(2), padding=1)
    out = h + F.silu(F.group_norm(h, 3, *w(2)))
    return F.mse_loss(F.linear(out.mean((2, 3)), *w(2)), y.reshape(BATCH, 2))


def dropout(w, x, y, ids):
    h = torch.tanh(F.linear(x.reshape(BATCH, 6), *w(2))) * mask((BATCH, 24), 0.3, 0)
    out = h + F.linear(h, *w(2)) * mask((BATCH, 24), 0.5, 1)
    return F.mse_loss(F.linear(out, *w(2)), y.reshape(BATCH, 1))


def masked_attention(w, x, y, ids):
    lengths = ids.reshape(BATCH).long()
    h = attend(w, F.linear(x.reshape(BATCH, 6, 5), *w(2)), 2, False, lengths)
    out = torch.softmax(F.linear(h + attend(w, h, 2, True, lengths), *w(2)), -1)
    out = out + F.gelu(out, approximate="tanh")
    return F.huber_loss(F.linear(out, *w(2)), y.reshape(BATCH, 6, 1), delta=0.7)


def distillation(w, x, y, ids):
    logits = F.linear(torch.relu(F.linear(x.reshape(BATCH * 3, 4), *w(2))), *w(2))
    return F.kl_div(torch.log_softmax(logits, -1), y.reshape(BATCH * 3, 5), reduction="batchmean")


def gpt(share):
    def loss(w, x, y, ids):
        width, tokens = 32, ids.reshape(BATCH, 33).long()
        drops = iter(range(5))
        drop = lambda v: v * mask(v.shape, share, next(drops))
        table, positions = w(2)
        h = drop(table[tokens[:, :-1]] + positions)
        for _ in range(2):
            # the block adds its parameters in this order: attention's norm, its two projections, the feed-forward's
            h = h + drop(attend(w, F.layer_norm(h, (width,), *w(2)), 2, True))
            inner = F.gelu(F.linear(F.layer_norm(h, (width,), *w(2)), *w(2)), approximate="tanh")
            h = h + drop(F.linear(inner, *w(2)))
        logits = F.linear(F.layer_norm(h, (width,), *w(2)), table)
        return F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())

    return loss


def bert_masked(w, x, y, ids):
    width, both = 32, ids.reshape(BATCH, 2, 25).long()
    table, positions = w(2)
    h = F.layer_norm(table[both[:, 0]] + positions, (width,), *w(2))
    for _ in range(2):
        h = F.layer_norm(h + attend(w, h, 2, False), (width,), *w(2))
        inner = F.gelu(F.linear(h, *w(2)), approximate="tanh")
        h = F.layer_norm(h + F.linear(inner, *w(2)), (width,), *w(2))
    return F.cross_entropy(F.linear(h, *w(2)).flatten(0, 1), both[:, 1].flatten(), ignore_index=-1)


NETWORKS = {
    "group-norm": (group_norm, 0),
    "dropout": (dropout, 0),
    "masked-attention": (masked_attention, 0),
    "distillation": (distillation, 0),
    "gpt": (gpt(0.25), 0.25),
    "bert-masked": (bert_masked, 0),
}


def results():
    for name, (network, share) in NETWORKS.items():
        given = inspect(name, share)
        weights = Weights(given["segments"], given["params"])
        x, y, ids = (torch.tensor(given[key], dtype=torch.float64) for key in ("x", "y", "ids"))
        loss = network(weights, x, y, ids)
        loss.backward()
        tensors = []
        for tensor in weights.tensors:
            g = tensor.grad.flatten()
            tensors.append([float(g.norm()), float((g * torch.cos(torch.arange(len(g), dtype=g.dtype))).sum())])
        yield name, {"dropout": share, "loss": loss.item(), "tensors": tensors}


if __name__ == "__main__":
    file = HERE / "torch-gradients.json"
    golden = json.loads(file.read_text())
    golden["operations"] = dict(results())
    rounded = json.loads(json.dumps(golden), parse_float=lambda text: float(f"{float(text):.13g}"))
    file.write_text(json.dumps(rounded, indent=2))
