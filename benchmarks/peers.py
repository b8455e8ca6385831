"""Time training against other libraries, as ratios: `python benchmarks/peers.py`.

First `fit`, as a reader calls it, against scikit-learn's `partial_fit`: the same examples for one epoch in the same
batches, from arrays to arrays, with every check that either makes. Then a single step against what lies below.

A step is what `MLP.fit` does with one mini-batch that is at hand: feedforward, loss, backward pass with the checks
for nan and inf, update by plain gradient descent; ReLU inside, softmax with cross-entropy at the end, float32, one
thread. It runs the four lines of `training._epoch`. Each peer does the same on the same numbers:

- torch: nn.Sequential, CrossEntropyLoss, optim.SGD with zero_grad, backward and step; eager, not compiled;
- jax: the whole step in one jit with donated parameters, waited for: a compiler, for orientation, not a target;
- byhand: NumPy at its quickest: every array made beforehand, every operation in place, one softmax for loss and
  gradient, nothing checked. What we lose to it is the price of equations that can be read and of errors that are seen;
- matmul: only the matrix products of the step, on the arrays of the step: the bound for any code that calls BLAS.

Drawing the batch is left out for all. Before the clock starts, every peer must have our losses, before a step and after
it. They take turns within each round, so that the noise of the machine meets all of them; the ratio is formed round by
round.
"""

import os

os.environ.update(
    dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1")
)
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import bpbook as bp
from bpbook import training

Step = Callable[[], float]
SHAPES = {
    "2-4-2": ([2, 4, 2], 4),
    "64-32-10": ([64, 32, 10], 32),
    "784-30-10": ([784, 30, 10], 10),
    "784-100-10": ([784, 100, 10], 32),
    "784-512-512-10": ([784, 512, 512, 10], 128),
    "20 layers of 128": ([128] * 21, 128),
}
SMALL, LARGE = list(SHAPES)[:4], list(SHAPES)[4:]
# What each ratio is to reach. Ratios are (time of the peer) / (our time), so that more is better for all of them.
TARGETS = {("torch", shape): 1.0 for shape in SHAPES}
TARGETS |= {("byhand", shape): 0.82 for shape in LARGE} | {("byhand", "784-100-10"): 0.6}
FIT_TARGET, BATCHES = 1.3, 20
IMPORT_TARGET = 30.0  # ms
ETA = 0.01


def ours(net: bp.MLP, x: Any, y: Any) -> Step:
    """One step as `fit` takes it."""
    steps, weights, optimizer = net._steps(), training.in_order(net.W, net.b), bp.GradientDescent(ETA)

    def step() -> float:
        cache = steps.forward(x)
        C = float(steps.loss(cache, y))
        grads = steps.backward(cache, y)
        if spoiled := training.blame(cache, C) or training.blame_gradient(grads):
            raise FloatingPointError(spoiled)
        optimizer.update(weights, training.in_order(grads.dW, grads.db))
        return C

    return step


def torch_step(net: bp.MLP, x: Any, y: Any) -> Step:
    """The same step by PyTorch, eagerly."""
    import torch

    torch.set_num_threads(1)
    layers: list[Any] = []
    for W in net.W[1:]:
        layers += [torch.nn.Linear(*W.shape), torch.nn.ReLU()]
        layers[-2].weight.data, layers[-2].bias.data = torch.tensor(W.T.copy()), torch.zeros(W.shape[1])
    model = torch.nn.Sequential(*layers[:-1])
    criterion = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=ETA)
    x, y = torch.tensor(x), torch.tensor(y)

    def step() -> float:
        optimizer.zero_grad()
        C = criterion(model(x), y)
        C.backward()
        optimizer.step()
        return C.item()

    return step


def jax_step(net: bp.MLP, x: Any, y: Any) -> Step:
    """The same step compiled by jax.jit."""
    import jax

    def loss(parameters: Any) -> Any:
        a = x
        for W, b in parameters[:-1]:
            a = jax.nn.relu(a @ W + b)
        W, b = parameters[-1]
        return -jax.nn.log_softmax(a @ W + b)[np.arange(len(y)), y].mean()

    def descend(parameters: Any) -> Any:
        C, gradients = jax.value_and_grad(loss)(parameters)
        return C, jax.tree.map(lambda w, g: w - ETA * g, parameters, gradients)

    compiled = jax.jit(descend, donate_argnums=0)
    parameters = [(jax.numpy.array(W), jax.numpy.array(b)) for W, b in zip(net.W[1:], net.b[1:], strict=True)]

    def step() -> float:
        nonlocal parameters
        C, parameters = jax.block_until_ready(compiled(parameters))
        return float(C)

    return step


def byhand_step(net: bp.MLP, x: Any, y: Any) -> Step:
    """The same step in NumPy without a single temporary of a layer's size."""
    W, b = [None] + [W.copy() for W in net.W[1:]], [None] + [b.copy() for b in net.b[1:]]
    L, m, rows = len(W) - 1, len(x), np.arange(len(x))
    z, a, delta = ([None] + [np.empty((m, n), x.dtype) for n in net.sizes[1:]] for _ in range(3))
    dW, db, step_W = (
        [np.empty_like(w) for w in net.W],
        [np.empty_like(v) for v in net.b],
        [np.empty_like(w) for w in net.W],
    )
    zeros, positive = [np.zeros_like(q) for q in z], [np.empty(np.shape(q), bool) for q in z]
    a[0], a[L] = x, z[L]

    def step() -> float:
        for l in range(1, L + 1):
            np.matmul(a[l - 1], W[l], out=z[l])
            np.add(z[l], b[l], out=z[l])
            if l < L:
                np.maximum(z[l], zeros[l], out=a[l])
        p = delta[L]
        np.subtract(z[L], np.maximum.reduce(z[L], axis=1, keepdims=True), out=p)
        np.exp(p, out=p)
        p /= np.add.reduce(p, axis=1, keepdims=True)
        C = -np.log(p[rows, y]).sum() / m
        p[rows, y] -= 1
        p /= m
        for l in range(L, 0, -1):
            if l < L:
                np.matmul(delta[l + 1], W[l + 1].T, out=delta[l])
                np.multiply(delta[l], np.greater(z[l], 0, out=positive[l]), out=delta[l])
            np.add.reduce(delta[l], axis=0, out=db[l])
            np.matmul(a[l - 1].T, delta[l], out=dW[l])
        for l in range(1, L + 1):
            W[l] -= np.multiply(dW[l], ETA, out=step_W[l])
            b[l] -= ETA * db[l]
        return float(C)

    return step


def matmul_step(net: bp.MLP, x: Any, y: Any) -> Step:
    """Nothing but the matrix products, on what `forward` and `backward` leave behind."""
    cache = bp.forward(net.params, x)
    C = float(bp.total_loss(net.params, cache, y, net.loss_function))
    a, W, delta = (
        cache.a,
        [None] + [W.copy() for W in net.W[1:]],
        bp.backward(net.params, cache, y, net.loss_function).delta,
    )
    L = len(W) - 1

    def step() -> float:
        for l in range(1, L + 1):
            a[l - 1] @ W[l]
        for l in range(L, 0, -1):
            if l < L:
                delta[l + 1] @ W[l + 1].T
            a[l - 1].T @ delta[l]
        return C

    return step


PEERS = {"torch": torch_step, "jax": jax_step, "byhand": byhand_step, "matmul": matmul_step}


def measure(shape: str, rounds: int) -> dict[str, Any]:
    """Return {name: seconds a step, one entry a round} of all peers that are installed, taking turns."""
    sizes, m = SHAPES[shape]
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(m, sizes[0])).astype(np.float32), np.arange(m) % sizes[-1]
    steps: dict[str, Step] = {}
    for name, peer in {"bpbook": ours, **PEERS}.items():
        net = bp.MLP(sizes, hidden="relu", loss="softmax_cross_entropy", seed=0, dtype=np.float32)
        try:
            steps[name] = peer(net, x, y)
        except ModuleNotFoundError as reason:
            if reason.name not in ("torch", "jax"):
                raise
    losses = steps["bpbook"](), steps["bpbook"]()
    for name in set(steps) & set(PEERS) - {"matmul"}:
        theirs = steps[name](), steps[name]()
        if not np.allclose(theirs, losses, rtol=1e-4):
            raise AssertionError(f"{name} has the losses {theirs} on {shape}, we have {losses}: it is no peer.")
    start = time.perf_counter()
    for _ in range(10):
        steps["bpbook"]()
    repeats = max(3, round(0.1 / (time.perf_counter() - start)))  # about 10 ms a turn
    seconds: dict[str, list[float]] = {name: [] for name in steps}
    names = list(steps)
    for r in range(rounds + 1):
        for name in names[r % len(names) :] + names[: r % len(names)]:
            step, start = steps[name], time.perf_counter()
            for _ in range(repeats):
                step()
            if r:  # the first round warms up
                seconds[name].append((time.perf_counter() - start) / repeats)
    return {name: np.array(values) for name, values in seconds.items()}


def measure_fit(shape: str, solver: str, rounds: int) -> Any:
    """Return (seconds of scikit-learn's `partial_fit`) / (seconds of our `fit`), one entry a round."""
    from sklearn.neural_network import MLPClassifier

    sizes, m = SHAPES[shape]
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(BATCHES * m, sizes[0])).astype(np.float32), np.arange(BATCHES * m) % sizes[-1]
    net = bp.MLP(sizes, hidden="relu", loss="softmax_cross_entropy", seed=0, dtype=np.float32)
    optimizer = bp.Adam(1e-3) if solver == "adam" else bp.GradientDescent(ETA)
    eta = 1e-3 if solver == "adam" else ETA
    model = MLPClassifier(
        sizes[1:-1], solver=solver, momentum=0.0, alpha=0.0, learning_rate_init=eta, batch_size=m, random_state=0
    )
    model.partial_fit(x, y, classes=np.arange(sizes[-1]))

    def turn(call: Callable[[], Any]) -> float:
        start = time.perf_counter()
        call()
        return time.perf_counter() - start

    ratios = []
    for _ in range(rounds + 1):  # the first round warms up
        mine = turn(lambda: net.fit(x, y, epochs=1, batch_size=m, optimizer=optimizer, progress=False))
        ratios.append(turn(lambda: model.partial_fit(x, y)) / mine)
    return np.array(ratios[1:])


def describe_blas() -> str:
    """Name the BLAS kernel in use, and a faster one if this processor has it."""
    try:
        from threadpoolctl import threadpool_info
    except ModuleNotFoundError:
        return "BLAS: unknown, threadpoolctl is not installed"
    # NumPy's own library is the first that was loaded.
    blas = next((library for library in threadpool_info() if library["user_api"] == "blas"), None)
    if blas is None:
        return "BLAS: unknown to threadpoolctl"
    kernel = blas.get("architecture", "unknown")
    text = f"BLAS: {blas['internal_api']} {blas['version']}, kernel {kernel}, {blas['num_threads']} thread(s)"
    found: Any = np.show_config(mode="dicts")
    features = found["SIMD Extensions"].get("found", [])
    wide = any(feature.startswith(("AVX512", "X86_V4")) for feature in features)
    if wide and kernel.lower() in ("haswell", "zen", "sandybridge", "nehalem", "prescott"):
        text += "\n  This processor has AVX-512, which that kernel does not use. Try OPENBLAS_CORETYPE=SkylakeX."
    return text


def import_cost(repeats: int = 15) -> float:
    """Return the median milliseconds of `import bpbook` after NumPy's, compiled, each in a fresh interpreter."""
    code = "import numpy, time; t = time.perf_counter(); import bpbook; print(time.perf_counter() - t)"
    with tempfile.TemporaryDirectory() as compiled:
        environment = os.environ | {"PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}

        def seconds() -> float:
            run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
            return float(run.stdout)

        seconds()  # compiles
        return 1e3 * float(np.median([seconds() for _ in range(repeats)]))


def verdict(value: float, target: float) -> str:
    """Say whether `value` is at least `target`."""
    return "reached" if value >= target else "NOT reached"


def main() -> None:
    """Print the table, and what was reached."""
    parser = argparse.ArgumentParser(description="Time a training step against other libraries.")
    parser.add_argument("--rounds", type=int, default=40, help="turns that each library gets on each shape (40)")
    rounds = parser.parse_args().rounds
    print(describe_blas())
    cost = import_cost()
    reached: list[str] = []
    print(f"(time of partial_fit) / (time of fit), {BATCHES} batches: median [quartiles] over the rounds\n")
    for solver in ("sgd", "adam"):
        for shape in SHAPES:
            low, ratio, high = np.percentile(measure_fit(shape, solver, rounds), [25, 50, 75])
            said = f"{ratio:6.2f} [{low:4.2f} {high:4.2f}], to reach {FIT_TARGET}: {verdict(ratio, FIT_TARGET)}"
            print(f"  {solver:5} {shape:20} {said}", flush=True)
    print("\nMedian time of a step, and (time of the peer) / (our time): median [quartiles] over the rounds\n")
    print(f"{'shape (batch)':24}{'bpbook':>10}" + "".join(f"{name:>21}" for name in PEERS))
    missing: set[str] = set()
    for shape, (_, m) in SHAPES.items():
        seconds = measure(shape, rounds)
        line = f"{f'{shape} ({m})':24}{1e6 * np.median(seconds['bpbook']):7.0f} us"
        for name in PEERS:
            if name not in seconds:
                missing.add(name)
                line += f"{'missing':>21}"
                continue
            low, ratio, high = np.percentile(seconds[name] / seconds["bpbook"], [25, 50, 75])
            line += f"{ratio:8.2f} [{low:4.2f} {high:4.2f}]"
            if (target := TARGETS.get((name, shape))) is not None:
                reached.append(f"  {name:8} {shape:20} {ratio:6.2f}, to reach {target:.2f}: {verdict(ratio, target)}")
        print(line, flush=True)
    print(f"\nMissing: {', '.join(sorted(missing)) or 'none'}\n")
    print(*sorted(reached), sep="\n")
    print(f"  import bpbook {cost:.1f} ms beyond NumPy, at most {IMPORT_TARGET:.0f}: {verdict(-cost, -IMPORT_TARGET)}")


if __name__ == "__main__":
    main()
