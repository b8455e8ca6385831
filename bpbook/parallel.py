"""One gradient on several machines: each takes a share of the examples, and what they find is averaged.

C is a mean over the m examples. If a machine holds m_k of them, the gradient of its own mean counts m_k/m:

    dC/dW = sum over machines k of m_k/m dC_k/dW                        (DP)

The machines are workers of a Dask cluster, on this computer or at an address. Dask is an extra,
`pip install "bpbook[parallel]"`; without it, or without a cluster, the shares are worked through here, one after
another, which gives the same gradient and saves no time.

>>> import numpy as np
>>> import bpbook as bp
>>> net, x, y = bp.MLP([3, 4, 2], seed=0), np.arange(15.0).reshape(5, 3), np.array([0, 1, 1, 0, 1])
>>> shares = Shares(x, y, parts=2)
>>> shares.sizes, bp.relative_error(shares.gradient(net.params, net.loss_function).dW[1],
...                                 net.backward(net.forward(x), y).dW[1]) < 1e-14
([3, 2], True)
"""

import socket
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from . import checks
from .backprop import Grads, Params, backward, forward
from .losses import Loss

__all__ = ["Shares", "cluster", "mean_gradient"]

PATIENCE = 5.0
"""Seconds without an answer after which we ask who is still there."""
ATTEMPTS = 3


@contextmanager
def cluster(address: str | None = None, workers: int = 2) -> Iterator[Any]:
    """Yield the client of a Dask cluster, and close it afterwards.

    Parameters
    ----------
    address : str, optional
        Where a scheduler listens, "tcp://10.0.0.5:8786" for example. Left out, workers are started on this computer,
        each a process of its own. A script that does so needs `if __name__ == "__main__":`, as its workers import it.
    workers : int
        How many to start here. A cluster at an address has its own.

    Raises
    ------
    ImportError
        Dask is not installed.
    ConnectionError
        Nobody answers at the address, or not as a scheduler does.
    """
    try:
        import dask
        import distributed
    except ImportError:
        message = 'cluster needs Dask, which is not installed here. Run: pip install "dask[distributed]", or leave '
        raise ImportError(f"{message}the cluster out: bp.parallel.Shares(x, y, parts=2).") from None
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 GB"}):
        if address is None:
            processes = checks.whole("workers", workers)
            options: dict[str, Any] = {"threads_per_worker": 1, "dashboard_address": ":0", "silence_logs": 50}
            with distributed.LocalCluster(processes, **options) as local, distributed.Client(local) as client:
                yield client
        else:
            _knock(address)
            with distributed.Client(address, timeout=PATIENCE) as client:
                yield client


def _knock(address: str) -> None:
    """Raise an error unless a scheduler listens there: sooner and plainer than Dask's own, which may wait for ever."""
    scheme, _, place = str(address).rpartition("://")
    host, _, port = place.rpartition(":")
    if not isinstance(address, str) or not host or not port.isdigit():
        raise ValueError(f'address must be like "tcp://10.0.0.5:8786"; got {checks.shown(address)}.')
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE) as line:
            speaks = scheme not in ("", "tcp") or _like_a_scheduler(line)
    except (OSError, OverflowError) as error:
        raise ConnectionError(
            f"nobody answers at {checks.shown(address)} ({checks.shortened(str(error))}). Start a scheduler there with "
            "`dask scheduler` and workers with `dask worker`, or pass no address to start workers here."
        ) from None
    if not speaks:
        raise ConnectionError(
            f"what answers at {checks.shown(address)} is no Dask scheduler. Pass the address that `dask scheduler` "
            "prints, which often ends in 8786; 8787 is that of its web page."
        )


def _like_a_scheduler(line: socket.socket) -> bool:
    """Return whether who has picked up speaks first, as schedulers do, and announces a message of a modest length."""
    heard = b""
    with suppress(TimeoutError, ConnectionError):
        while len(heard) < 8 and (more := line.recv(8 - len(heard))):
            heard += more
    return len(heard) == 8 and int.from_bytes(heard, "little") < 2**20


class Shares:
    """The examples of a batch, dealt out to machines that keep them; weights travel to them, gradients come back.

    Parameters
    ----------
    x : array of shape (m, n_0)
    y : array of shape (m, n_L), or (m,) of class numbers
        As `bp.backward` takes them.
    parts : int, optional
        How many shares to make, of equal size as far as m allows. Left out, one for each worker,
        or for each example where there are fewer.
    client : distributed.Client, optional
        Of the cluster that works. Left out, the shares are worked through here.

    Attributes
    ----------
    sizes : list of int
        m_k, the examples in each share.

    Raises
    ------
    ValueError
        x and y have another number of examples, or there are fewer examples than parts.
    TypeError
        `parts` is not whole, or missing where there is no client, or `client` is not that of a cluster.
    ConnectionError, RuntimeError
        The client was closed, or no worker is left.
    """

    def __init__(self, x: ArrayLike, y: ArrayLike, parts: int | None = None, client: Any = None) -> None:
        x, y = np.asarray(x), np.asarray(y)
        if x.ndim != 2 or y.shape[:1] != x.shape[:1]:
            raise ValueError(f"x and y must have one row for each example; got shapes {x.shape} and {y.shape}.")
        if parts is None and client is None:
            raise TypeError("parts must be a whole number where there is no client; got None. Pass parts=2.")
        if client is not None and not hasattr(client, "scatter"):
            got = f"got {checks.shown(client)}. Pass what `with bp.parallel.cluster() as client` gives you."
            raise TypeError(f"client must be that of a Dask cluster; {got}")
        self._client = client
        if parts is None:
            self._wait_for_workers()
            parts = max(1, min(len(client.nthreads()), len(x)))
        count = checks.whole("parts", parts)
        if count > len(x):
            raise ValueError(f"parts must be at most {len(x)}, the number of examples; got {checks.shown(parts)}.")
        self._here = list(zip(np.array_split(x, count), np.array_split(y, count), strict=True))
        self.sizes = [len(rows) for rows, _ in self._here]
        self._there = self._dealt() if client else []

    def gradient(self, params: Params, loss: Loss) -> Grads:
        """Return the gradient of the mean loss over all examples, (DP).

        A worker that dies takes its examples with it, so they are dealt out again among those that are left, and the
        gradient is asked for once more.

        Parameters
        ----------
        params, loss
            As `bp.backward` takes them. With a cluster they travel to every worker.

        Returns
        -------
        Grads
            dW[l] and db[l]. Every delta[l] is None: it has a row for each example, and stays where the example is.

        Raises
        ------
        RuntimeError
            No worker is left, or workers have died again and again.
        ConnectionError
            The cluster itself is gone, or the client was closed.
        """
        if self._client is None:
            return mean_gradient([_of_share(params, loss, share) for share in self._here], self.sizes)
        for _ in range(ATTEMPTS):
            self._wait_for_workers()
            try:
                asked = [self._client.submit(_of_share, params, loss, share, pure=False) for share in self._there]
                return mean_gradient(self._gathered(asked), self.sizes)
            except _deaths():
                self._there = self._dealt()
        raise RuntimeError(
            f"workers died in {ATTEMPTS} attempts at one gradient, most likely for want of memory. Make smaller shares "
            "with more workers, or work here with client=None."
        )

    def _dealt(self) -> list[Any]:
        """Hand each share to a worker. No hash: Dask would take equal examples, dealt again, for those it has lost."""
        self._wait_for_workers()
        return list(self._client.scatter(self._here, hash=False))

    def _gathered(self, asked: list[Any]) -> list[Grads]:
        import distributed

        while True:
            try:
                distributed.wait(asked, timeout=PATIENCE)
                return list(self._client.gather(asked))
            except TimeoutError:  # they are slow, or gone
                self._wait_for_workers()

    def _wait_for_workers(self) -> None:
        if self._client.status != "running":
            raise ConnectionError(
                f"the client of the cluster must be running; it is {self._client.status}. Open another one with "
                "bp.parallel.cluster and deal the examples out to it, or work here with client=None."
            )
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise RuntimeError(
                "no worker of the cluster is left. Start one with `dask worker`, or work here with client=None."
            ) from None

    def __repr__(self) -> str:
        place = "here" if self._client is None else "on a cluster"
        return f"<{sum(self.sizes)} examples in {len(self.sizes)} shares {place}>"


def mean_gradient(gradients: Sequence[Grads], sizes: Sequence[int]) -> Grads:
    """Return the gradient of the mean over all examples from those of the shares' own means, (DP).

    Parameters
    ----------
    gradients : sequence of Grads
        One a share. Their delta is not used.
    sizes : sequence of int
        m_k, the examples of each share: a gradient counts by how many examples it speaks for.
    """

    def averaged(arrays: Sequence[Any]) -> Any:
        return sum(array * (m_k / sum(sizes)) for array, m_k in zip(arrays, sizes, strict=True))  # (DP)

    dW = [None, *map(averaged, zip(*(grads.dW[1:] for grads in gradients), strict=True))]
    db = [None, *map(averaged, zip(*(grads.db[1:] for grads in gradients), strict=True))]
    return Grads([None] * len(dW), dW, db)


def _of_share(params: Params, loss: Loss, share: tuple[Any, Any]) -> Grads:
    """Return the gradient of a share's own mean, as a worker computes it."""
    x, y = share
    _, dW, db = backward(params, forward(params, x), y, loss)
    return Grads([None] * len(dW), dW, db)


def _deaths() -> tuple[type[Exception], ...]:
    """Return what Dask raises when a worker dies, or when the examples on it are lost."""
    from distributed import KilledWorker
    from distributed.comm.core import CommClosedError

    return CancelledError, KilledWorker, CommClosedError
