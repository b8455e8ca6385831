"""Networks as files: arrays and a small header in JSON, never pickles.

`MLP.save` and `MLP.load` are the way in. A file comes from anywhere, so nothing in it is believed before it was looked
at. `save` packs nothing, so what is packed is not unpacked: a small file stays small in memory.
"""

import itertools
import json
import os
import secrets
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import activations, checks, losses, optimizers
from .optimizers import Optimizer
from .training import History, in_order

__all__ = ["load", "save"]

Array = NDArray[Any]
FORMAT = "bpbook.MLP 1"


def save(net: Any, path: str | os.PathLike[str], optimizer: bool = True) -> None:
    """Write a network, its history and, unless `optimizer` is False, its optimizer's state, as `MLP.save` says."""
    path = Path(os.path.realpath(_path(path)))  # a link stays one
    if not path.parent.is_dir():
        raise FileNotFoundError(f"path must name a file in a folder that exists; there is no folder {path.parent}.")
    if path.exists() and not path.is_file():  # os.replace would put a file in the place of /dev/null
        what = "folder. Pass a name in it" if path.is_dir() else "device or a pipe. Pass a name"
        raise ValueError(f"path must name a file; {str(path)!r} is a {what}, such as 'net.npz'.")
    hidden, output = net.params.f[1 if len(net.sizes) > 2 else -1], net.params.f[-1]
    for choice, known in ((hidden, activations), (output, activations), (net.loss_function, losses)):
        if getattr(known, choice.name, None) != choice:  # not `is`: a deep copy of a network has copies of them
            raise ValueError(f"save needs activations and losses of bpbook; got your own {choice.name!r}.")
    o = net.optimizer if optimizer else None
    if o is not None and getattr(optimizers, type(o).__name__, None) is not type(o):
        raise ValueError(
            f"save needs an optimizer of bpbook; got your own {type(o).__name__!r}. "
            "Pass optimizer=False to save without it."
        )

    header: dict[str, Any] = {"format": FORMAT, "sizes": net.sizes, "hidden": hidden.name, "output": output.name}
    header |= {"loss": net.loss_function.name, "dtype": net.dtype.name}
    header |= {"lmbda": net.params.lmbda, "lmbda_1": net.params.lmbda_1, "history": vars(net.history)}
    arrays = {f"W{l}": W for l, W in enumerate(net.W) if l} | {f"b{l}": b for l, b in enumerate(net.b) if l}
    eta = o.last_eta if o is not None and callable(o.eta) else o and o.eta
    if o is not None and eta is not None:  # of a schedule before its first step there is no rate to store
        header["optimizer"] = {"name": type(o).__name__, "eta": eta, "t": o.t, "settings": o.settings()}
        for name, memory in o.memory.items():
            arrays |= {f"optimizer_{name}{k}": array for k, array in enumerate(memory)}
    part = path.with_name(f".{secrets.token_hex(8)}.part")  # a name that no other save and no file of the reader's has
    try:
        with open(part, "xb") as file:
            np.savez(file, header=np.array(json.dumps(header)), **arrays)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def load(kind: Any, path: str | os.PathLike[str]) -> Any:
    """Return the network of this kind, which is `MLP`, that `save` wrote."""
    path = _path(path)
    try:
        with open(path, "rb") as opened, np.load(opened, allow_pickle=False) as file:
            header = _header(file)
            arrays = {name: file[name] for name in file.files if name != "header"}
        net = kind(
            header["sizes"],
            header["hidden"],
            header["loss"],
            output=header["output"],
            lmbda=header["lmbda"],
            lmbda_1=header.get("lmbda_1", 0.0),  # files of earlier versions have none
            init="zeros",
            dtype=header["dtype"],
        )
        for l in range(1, len(net.sizes)):
            net.W[l][...] = _of_shape(arrays[f"W{l}"], net.W[l])
            net.b[l][...] = _of_shape(arrays[f"b{l}"], net.b[l])
        net.history = _history(header["history"])
        if "optimizer" in header:
            net.optimizer = _optimizer(header["optimizer"], arrays, in_order(net.W, net.b))
    except FileNotFoundError:
        raise FileNotFoundError(f"path must name a file written by MLP.save; there is no {str(path)!r}.") from None
    except Exception as reason:  # noqa: BLE001 (there is no end to the ways in which a file can be damaged)
        raise ValueError(
            f"path must name a file written by MLP.save; {str(path)!r} is not one, or is damaged "
            f"({checks.shortened(str(reason))})."
        ) from None
    return net


def _path(path: str | os.PathLike[str]) -> Path:
    if not isinstance(path, str | os.PathLike) or not Path(path).name:
        raise TypeError(f"path must be the name of a file, such as 'net.npz'; got {checks.shown(path)}.")
    return Path(path)


def _header(file: Any) -> dict[str, Any]:
    """Return the header of an open .npz file, which promises no larger arrays than there are."""
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in file.zip.infolist()):
        raise ValueError("it is packed")
    header = json.loads(str(file["header"]))
    if header["format"] != FORMAT:
        raise ValueError(f"its format is {header['format']!r}; this bpbook reads {FORMAT!r}")
    itemsize = np.dtype(header["dtype"]).itemsize
    if f"W{len(header['sizes'])}" in file.files:
        raise ValueError(f"it holds more layers than its sizes {header['sizes']}")
    for l, (n_in, n_out) in enumerate(itertools.pairwise(checks.sizes(header["sizes"])), start=1):
        if file.zip.getinfo(f"W{l}.npy").file_size < itemsize * n_in * n_out:
            raise ValueError(f"W{l} is too short")
    return header


def _history(header: dict[str, list[float]]) -> History:
    for values in header.values():
        if not isinstance(values, list) or not all(isinstance(value, float | int) for value in values):
            raise ValueError("its history does not hold lists of numbers")
    return History(**header)


def _of_shape(array: Array, like: Array) -> Array:
    if array.shape != like.shape or array.dtype != like.dtype:
        raise ValueError(f"an array of {array.shape} where {like.shape} belongs")
    return array


def _optimizer(header: dict[str, Any], arrays: dict[str, Array], weights: list[Array]) -> Optimizer:
    legal = {kind.__name__: kind for kind in Optimizer.__subclasses__() if hasattr(optimizers, kind.__name__)}
    optimizer = checks.one_of("optimizer", header["name"], legal)(**header["settings"])
    optimizer.eta = checks.positive("eta", header["eta"], zero=True)  # a schedule may have ended at 0
    optimizer.t = checks.whole("t", header["t"], least=0)
    for name in optimizer.remembers if optimizer.t else ():
        optimizer.memory[name] = [_of_shape(arrays[f"optimizer_{name}{k}"], w) for k, w in enumerate(weights)]
    return optimizer
