"""OpenBLAS (numpy's own) beside our matrix product; requests as in torch_peer.py: ["gemm", kind, M, N, K]."""
import json
import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy as np  # noqa: E402


def gemm_task(kind, m, n, k):
    rng = np.random.default_rng(0)
    a = rng.standard_normal((k, m) if kind == "tn" else (m, k), dtype=np.float32)
    b = rng.standard_normal((n, k) if kind == "nt" else (k, n), dtype=np.float32)
    c = np.empty((m, n), np.float32)
    left = a.T if kind == "tn" else a
    right = b.T if kind == "nt" else b
    return lambda: np.matmul(left, right, out=c)


tasks = {}
for line in sys.stdin:
    request = json.loads(line)
    key = json.dumps(request["task"])
    if key not in tasks:
        tasks[key] = gemm_task(*request["task"][1:])
    task = tasks[key]
    start = time.perf_counter()
    for _ in range(request["repeats"]):
        task()
    print(time.perf_counter() - start, flush=True)
