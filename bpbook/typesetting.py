"""The chain rule on paper: one text for every line of an explanation, in plain characters, in LaTeX and in HTML."""

import math
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["HTML", "LATEX", "PLAIN", "WIDE", "Factor", "Links", "delta_line", "equation", "path_lines", "written"]

WIDE = 4  # longer sums are shown by their first and last term, and the deltas of wider layers are not taken apart


class Factor(NamedTuple):
    """One link of a path: what it is, where it stands, and its number in this network."""

    kind: str  # "a", "f'", "w", "dC/da" or lambda
    layer: int  # the l in a^l, f_l', w^l or dC/da^l
    units: tuple[int, ...]  # (i, j) of a weight w_ij, otherwise the one unit
    value: float

    @property
    def symbol(self) -> str:
        """Return what it is called in plain text: a_i^l, f_l'(z_j^l), w_ij^l or dC/da_j^L."""
        units = ("" if max(self.units, default=0) < 10 else ",").join(map(str, self.units))
        place = f"_{units}^{self.layer}" if units else ""
        return f"f_{self.layer}'(z{place})" if self.kind == "f'" else f"{self.kind}{place}"


Links = tuple[list[Any], list[Any], NDArray[np.float64]]  # W and f_l'(z^l), None or an array per layer, and dC/da^L


# A line is written once, in plain text with three signs that it does not show: & where lines are aligned, [ ] around
# words, and ~= where a long line breaks. The other notations are the same text with its parts replaced.
# fmt: off
PLAIN = {r"[][&~]": ""}
LATEX = {
    r"dC/d(\w+_[\d,]+\^\d+)": r"\\frac{\\partial C}{\\partial \1}", r"f_(\d+)'": r"f_{\1}'",
    r"(\w+)_([\d,]+)\^(\d+)": r"\1_{\2}^{\3}", r"(delta|lambda)": r"\\\1", r" \* ": r" \\cdot ", " -> ": r" \\to ",
    r"\.\.\.": r"\\dots", "%": r"\%", r"(?<=\d)e(-?\d+)": r" \\times 10^{\1}", r"\[(.*?)\]": r"\\text{\1}",
    "~=": r"\\\\ &\\quad =",
}
HTML = {
    r"dC/d": "∂<i>C</i>/∂", r"f_(\d+)'": r"<i>f</i><sub>\1</sub>′",
    r"([a-z]+)_([\d,]+)\^(\d+)": r"<i>\1</i><sub>\2</sub><sup>\3</sup>", "delta": "δ",
    "lambda_1": "λ<sub>1</sub>", "lambda": "λ", r" \* ": " · ", " -> ": " → ", r"\.\.\.": "…",
    r"(?<!e)-": "−", r"(?<=\d)e(-?\d+)": r"×10<sup>\1</sup>", **PLAIN,
}
# fmt: on


def written(notation: dict[str, str], lines: list[str]) -> list[str]:
    """Return the lines in this notation: PLAIN, LATEX or HTML."""
    for pattern, replacement in notation.items():
        lines = [re.sub(pattern, replacement, line) for line in lines]
    return lines


def delta_line(links: Links, delta: list[Any], k: int, n: int) -> str:
    """Take delta_n^k apart: the sum of w_nm^{k+1} delta_m^{k+1}, or dC/da_n^L in layer L; times f_k'(z_n^k)."""
    W, slope, end = links
    whole, f = (Factor(kind, k, (n,), float(of[k][n])) for kind, of in (("delta", delta), ("f'", slope)))
    if k + 1 == len(W):
        return equation(whole.symbol, [Factor("dC/da", k, (n,), float(end[n])), f])
    w = [Factor("w", k + 1, (n, m), float(value)) for m, value in enumerate(W[k + 1][n])]
    after = [Factor("delta", k + 1, (m,), float(value)) for m, value in enumerate(delta[k + 1])]
    if len(w) == 1:
        return equation(whole.symbol, [w[0], after[0], f])
    symbols, numbers = map(list, zip(*map(_product, zip(w, after, strict=True)), strict=True))
    if len(w) > WIDE:
        symbols, numbers = [symbols[0], "...", symbols[-1]], [_number(W[k + 1][n] @ delta[k + 1])]
    sums = [f"({' + '.join(terms)}) * {last}" for terms, last in zip((symbols, numbers), _product([f]), strict=True)]
    return _line(whole.symbol, sums[0], sums[1], whole.value)


def path_lines(paths: list[list[Factor]], weight: str, count: int, share: float, value: float) -> Iterator[str]:
    """Count the paths, write out those that are listed, and give their sum or their share."""
    listed, counted = len(paths), "1 path" if count == 1 else f"{count:,} paths"
    yield f"&[{counted if listed == count else f'The {listed} strongest of {counted}'} from ]{weight}[ to ]C:"
    for path in paths:
        units = [str(factor.units[0]) for factor in path if factor.kind in ("a", "f'")]
        yield equation(" -> ".join([*units, "C"]), path, sign=":")
    if count > 1:
        sums = f"The {listed} carry {_number(100 * share)} % of the sum of |product|; all add up to"
        yield f"&[{sums if listed < count else 'The sum over all paths is'} ]{_number(value)}"


def equation(left: str, factors: list[Factor], sign: str = " =") -> str:
    """Return left = product in symbols = product in numbers = value."""
    return _line(left, *_product(factors), math.prod(factor.value for factor in factors), sign)


def _line(left: str, symbols: str, numbers: str, value: float, sign: str = " =") -> str:
    return f"{left}&{sign} {symbols} {'~=' if symbols.count(' * ') > 3 else '='} {numbers} = {_number(value)}"


def _product(factors: Iterable[Factor]) -> tuple[str, str]:
    """Return a product in symbols and in numbers, negative ones in brackets."""
    symbols, numbers = zip(*((factor.symbol, _number(factor.value)) for factor in factors), strict=True)
    return " * ".join(symbols), " * ".join(f"({number})" if number.startswith("-") else number for number in numbers)


def _number(value: float) -> str:
    """Return at most 6 significant digits; never -0."""
    mantissa, e, exponent = f"{value + 0.0:.6g}".partition("e")
    return mantissa + (f"e{int(exponent)}" if e else "")
