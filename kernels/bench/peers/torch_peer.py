"""PyTorch beside our kernels: one request a line on stdin, {"task": [...], "repeats": n}; answers seconds, or a JSON
string that says what is missing. Networks and shapes are those of the proxies (src/proxies/)."""
import json
import math
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F


def conv_norm(inputs, outputs, kernel=3, stride=1):
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs))


class Residual(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first, self.second = conv_norm(inputs, outputs, 3, stride), conv_norm(outputs, outputs)
        same = stride == 1 and inputs == outputs
        self.shortcut = nn.Identity() if same else conv_norm(inputs, outputs, 1, stride)

    def forward(self, x):
        return F.relu(self.second(F.relu(self.first(x))) + self.shortcut(x))


class Unet(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        pair = lambda a, b: nn.Sequential(nn.Conv2d(a, b, 3, 1, 1), nn.ReLU(), nn.Conv2d(b, b, 3, 1, 1), nn.ReLU())
        w = width
        self.a, self.b, self.c = pair(1, w), pair(w, 2 * w), pair(2 * w, 4 * w)
        self.up1, self.d = nn.ConvTranspose2d(4 * w, 2 * w, 2, 2), pair(4 * w, 2 * w)
        self.up2, self.e = nn.ConvTranspose2d(2 * w, w, 2, 2), pair(2 * w, w)
        self.out = nn.Conv2d(w, 1, 1)

    def forward(self, x):
        a = self.a(x)
        b = self.b(F.max_pool2d(a, 2))
        c = self.c(F.max_pool2d(b, 2))
        d = self.d(torch.cat([self.up1(c), b], 1))
        return self.out(self.e(torch.cat([self.up2(d), a], 1)))


def mask_loss(logits, mask):
    p = torch.sigmoid(logits)
    dice = (2 * (p * mask).sum() + 1) / (p.sum() + mask.sum() + 1)
    return F.binary_cross_entropy_with_logits(logits, mask) + 1 - dice


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        b, t, c = x.shape
        q, k, v = (z.view(b, t, self.heads, -1).transpose(1, 2) for z in self.qkv(self.norm1(x)).split(c, 2))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(y.transpose(1, 2).reshape(b, t, c))
        return x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))


class Gpt(nn.Module):
    def __init__(self, width=32, layers=2, heads=2, context=32, vocabulary=32):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.positions = nn.Parameter(torch.randn(context, width) / math.sqrt(width))
        self.blocks = nn.Sequential(*(Block(width, heads) for _ in range(layers)))
        self.norm = nn.LayerNorm(width)

    def forward(self, ids):
        return F.linear(self.norm(self.blocks(self.tokens(ids) + self.positions)), self.tokens.weight)


class Forecast(nn.Module):
    def __init__(self, cell):
        super().__init__()
        self.cell, self.head = cell(1, 32, batch_first=True), nn.Linear(32, 1)

    def forward(self, x):
        return self.head(self.cell(x)[0])


def step_task(name):
    """A training step with fused AdamW on a fixed batch (our own draws a new one each step)."""
    torch.manual_seed(0)
    if name == "gpt":
        ids = torch.randint(32, (16, 33))
        net = Gpt()
        loss = lambda: F.cross_entropy(net(ids[:, :-1]).reshape(-1, 32), ids[:, 1:].reshape(-1))
    elif name == "resnet":
        x, y = torch.randn(32, 3, 12, 12), torch.randint(10, (32,))
        body = [conv_norm(3, 8), nn.ReLU(), Residual(8, 8, 1), Residual(8, 16, 2), Residual(16, 32, 2)]
        net = nn.Sequential(*body, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10))
        loss = lambda: F.cross_entropy(net(x), y)
    elif name == "unet":
        x, y = torch.randn(16, 1, 16, 16), (torch.rand(16, 1, 16, 16) < 0.2).float()
        net = Unet()
        loss = lambda: mask_loss(net(x), y)
    elif name in ("lstm", "gru"):
        length = 48 if name == "lstm" else 32
        x, y = torch.randn(32, length, 1), torch.randn(32, length, 1)
        net = Forecast(nn.LSTM if name == "lstm" else nn.GRU)
        loss = lambda: F.mse_loss(net(x), y)
    else:
        raise LookupError(name)
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-4, fused=True)

    def run():
        optimizer.zero_grad()
        value = loss()
        value.backward()
        optimizer.step()
        value.item()

    return run


def adamw_task(size, tensors):
    params = [torch.randn(size // tensors, requires_grad=True) for _ in range(tensors)]
    for p in params:
        p.grad = torch.randn_like(p)
    return torch.optim.AdamW(params, lr=1e-3, fused=True).step


def main():
    tasks = {}
    for line in sys.stdin:
        request = json.loads(line)
        kind, *rest = request["task"]
        key = json.dumps(request["task"])
        try:
            torch.set_num_threads(request["threads"])
            if key not in tasks:
                if kind == "adamw":
                    tasks.clear()  # sixteen million parameters at a time are enough
                tasks[key] = adamw_task(*rest) if kind == "adamw" else step_task(*rest)
            task = tasks[key]
            start = time.perf_counter()
            for _ in range(request["repeats"]):
                task()
            print(time.perf_counter() - start, flush=True)
        except Exception as error:  # the bench names what could not be measured and goes on
            print(json.dumps(f"{type(error).__name__}: {error}"), flush=True)


if __name__ == "__main__":
    main()
