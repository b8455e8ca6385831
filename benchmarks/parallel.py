"""When do two machines pay? The gradient of one process against that of a cluster: `python benchmarks/parallel.py`.

For batches from small to large, one process and a Dask cluster take turns, so that a busy moment meets both, and the
ratio (time of one) / (time of the cluster) is formed round by round. Above 1 the cluster is faster. Beside it stands
what the rule of chapter 14 expects, w / (1 + B_0/B) with B the batch of a worker, where B_0 is fitted to these ratios:
the batch at which travelling takes as long as computing.

    python benchmarks/parallel.py --address tcp://10.0.0.5:8786     on a cluster that is there, with all its workers
"""

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar

import bpbook as bp

BATCHES = [2**k for k in range(6, 14)]
SIZES = {"784-30-10": [784, 30, 10], "784-512-512-10": [784, 512, 512, 10]}


def seconds(run: Callable[[], Any]) -> float:
    """Return how long one call takes."""
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def ratio(net: bp.MLP, m: int, client: Any, rounds: int) -> tuple[float, float]:
    """Return the median ratio of one process to the cluster for a batch of m, and the seconds of the one process."""
    rng = np.random.default_rng(0)
    x, y = rng.random((m, net.sizes[0]), dtype=np.float32), rng.integers(net.sizes[-1], size=m)
    shares = bp.parallel.Shares(x, y, client=client)

    def alone() -> bp.Grads:
        return bp.backward(net.params, bp.forward(net.params, x), y, net.loss_function)

    def together() -> bp.Grads:
        return shares.gradient(net.params, net.loss_function)

    error = max(bp.relative_error(a, b) for a, b in zip(together().dW[1:], alone().dW[1:], strict=True))
    if error > 1e-4:
        raise RuntimeError(f"the two gradients must agree to rounding of float32; they are {error:.1e} apart.")
    taken = [(seconds(alone), seconds(together)) for _ in range(rounds)]
    return float(np.median([one / two for one, two in taken])), float(np.median([one for one, _ in taken]))


def fitted(ratios: dict[int, float], workers: int) -> float:
    """Return the B_0 with which the rule comes closest to the logarithms of the ratios."""
    shares, measured = np.array(list(ratios)) / workers, np.log(list(ratios.values()))

    def off(log_B0: float) -> float:
        return float(((np.log(workers / (1 + np.exp(log_B0) / shares)) - measured) ** 2).sum())

    return float(np.exp(minimize_scalar(off, bounds=(-2, 16), method="bounded").x))


def breaks_even(ratios: dict[int, float]) -> str:
    """Say from which batch on the cluster is faster, for good."""
    batches = sorted(ratios)
    slower = [m for m in batches if ratios[m] <= 1]
    if not slower:
        return f"faster from the smallest batch on ({batches[0]:,})"
    if slower[-1] == batches[-1]:
        return f"does not break even up to a batch of {batches[-1]:,}"
    return f"breaks even between {slower[-1]:,} and {batches[batches.index(slower[-1]) + 1]:,} examples"


def main() -> None:
    """Print one table for each network."""
    parser = argparse.ArgumentParser(description="Time one gradient alone and on a cluster.")
    parser.add_argument("--address", help="of a Dask scheduler; left out, workers are started here")
    parser.add_argument("--workers", type=int, default=2, help="how many to start here (2)")
    parser.add_argument("--rounds", type=int, default=7, help="turns for each batch (7)")
    parser.add_argument("--most", type=int, default=BATCHES[-1], help="the largest batch")
    wanted = parser.parse_args()
    with bp.parallel.cluster(wanted.address, wanted.workers) as client:
        workers = len(client.nthreads())
        print(f"{workers} workers, float32; ratio above 1: the cluster is faster")
        for name, sizes in SIZES.items():
            net = bp.MLP(sizes, seed=0, dtype=np.float32)
            found = {m: ratio(net, m, client, wanted.rounds) for m in BATCHES if m <= wanted.most}
            ratios = {m: value for m, (value, _) in found.items()}
            B_0 = fitted(ratios, workers)
            print(f"\n{name:16}{'batch':>8}{'alone, ms':>12}{'ratio':>8}{'rule':>8}")
            for m, (value, alone) in found.items():
                print(f"{'':16}{m:8,}{1e3 * alone:12.2f}{value:8.2f}{workers / (1 + B_0 * workers / m):8.2f}")
            print(f"{'':16}{breaks_even(ratios)}; B_0 = {B_0:,.0f} examples a worker")


if __name__ == "__main__":
    main()
