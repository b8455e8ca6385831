"""A claim: what a paper says, how we measure it over many seeds, and the verdict.

The tolerance is part of the claim and is fixed before anything is run, for a tolerance chosen afterwards always fits.

>>> coin = Claim(
...     name="heads",
...     paper="Nobody 1900, On coins",
...     where="",
...     says="Half of all coins show heads.",
...     expects="yes between 40 and 60 of 100",
...     measure=lambda seeds: np.array([np.random.default_rng(s).random() < 0.5 for s in seeds]),
...     judge=lambda shown: "yes" if 0.4 <= shown.mean() <= 0.6 else "no",
...     seeds=100,
... )
>>> coin.verdict(coin.numbers())
'yes'
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import checks

__all__ = ["VERDICTS", "Claim", "near", "percentiles", "share"]

Array = NDArray[np.float64]
Judge = Callable[[Array], str]
VERDICTS = ("yes", "partly", "no")


@dataclass(frozen=True)
class Claim:
    """One result of one paper, with what it takes to see whether it holds here.

    Attributes
    ----------
    name : str
        Its name inside the module.
    paper : str
        Author, year, title.
    where : str
        Page, figure or equation; empty where nobody has confirmed it.
    says : str
        The paper's result with its number, in one sentence.
    expects : str
        What counts as yes and as partly, in words; fixed before the run.
    measure : callable
        measure(seeds), where seeds is a list of whole numbers, returns an array of shape (len(seeds),): one number a
        seed, nan where that seed failed. Where seeds do not matter it may have one entry.
    judge : callable
        judge(numbers) is "yes", "partly" or "no".
    seeds : int
        How many seeds the ledger runs; 1 where they do not matter.
    deviations : str
        Everything that is done otherwise than in the paper.
    """

    name: str
    paper: str
    where: str
    says: str
    expects: str
    measure: Callable[[list[int]], Array]
    judge: Judge
    seeds: int = 50
    deviations: str = ""

    def __post_init__(self) -> None:
        checks.whole("seeds", self.seeds)

    def numbers(self, seeds: Iterable[int] | None = None) -> Array:
        """Measure these seeds, or 0, 1, 2 and so on, as many as the ledger runs; return one number a seed.

        Parameters
        ----------
        seeds : iterable of int, optional
            For instance range(1000, 1050), to judge the claim by seeds that nobody has looked at.

        Returns
        -------
        numbers : array of shape (len(seeds),), or (1,) where seeds do not matter
            nan where a seed failed, so that failures are counted and not hidden.

        Raises
        ------
        ValueError
            There are no seeds, or `measure` returned another shape.
        """
        chosen = [checks.whole("seeds", seed, least=0) for seed in (range(self.seeds) if seeds is None else seeds)]
        if not chosen:
            raise ValueError("seeds must hold at least one whole number; got none. Pass range(50).")
        numbers = np.asarray(self.measure(chosen), dtype=np.float64)
        if numbers.shape not in ((len(chosen),), (1,)):
            raise ValueError(
                f"measure must return one number a seed, shape ({len(chosen)},); got {numbers.shape}. "
                "Return nan for a seed that failed."
            )
        return numbers

    def verdict(self, numbers: Array) -> str:
        """Judge these numbers: "yes", "partly" or "no".

        Raises
        ------
        ValueError
            `judge` said something else.
        """
        return checks.one_of("verdict", self.judge(numbers), dict(zip(VERDICTS, VERDICTS, strict=True)))

    def other_verdicts(self, numbers: Array, draws: int = 400) -> list[str]:
        """Return the verdicts that other seeds might well have led to: a bootstrap over the seeds.

        We pretend that other seeds would be a draw from ours, with repetition, and judge many such draws.

        Returns
        -------
        verdicts : list of str
            Those in more than 5 % of the draws, without the verdict itself; empty if the verdict is firm.
        """
        rng = np.random.default_rng(0)
        said = [self.verdict(rng.choice(numbers, len(numbers))) for _ in range(draws)]
        return [word for word in VERDICTS if word != self.verdict(numbers) and said.count(word) > 0.05 * draws]


# Two ways to judge, which most claims need ----------------------------------------------------------------------------


def share(good: Callable[[Array], NDArray[np.bool_]], yes: float, partly: float, of_all: bool = True) -> Judge:
    """Return a judge that asks what share of the seeds is good.

    Parameters
    ----------
    good : callable
        Takes the numbers and returns an array of bool.
    yes, partly : float
        Least shares for these verdicts.
    of_all : bool
        Whether a seed that failed (nan) counts as one that is not good, or is left out.

    >>> judge = share(lambda numbers: numbers < 10, yes=0.9, partly=0.5)
    >>> judge(np.array([1.0, 2.0, np.nan, 30.0])), judge(np.array([1.0, np.nan, np.nan]))
    ('partly', 'no')
    """

    def judge(numbers: Array) -> str:
        counted = numbers if of_all else numbers[~np.isnan(numbers)]
        found = float(np.mean(good(counted) & ~np.isnan(counted))) if len(counted) else 0.0
        return "yes" if found >= yes else "partly" if found >= partly else "no"

    return judge


def near(printed: float) -> Judge:
    """Return a judge that asks whether the number in the paper could be one of ours.

    It says yes if the number lies between our quartiles, partly if it lies between our 5th and 95th percentile. A seed
    that failed counts as later than any other, and where the upper quartile is one of those, the verdict is not yes.

    >>> judge = near(1425)
    >>> judge(np.arange(1000.0, 2000.0)), judge(np.arange(1400.0, 3000.0)), judge(np.arange(1500.0, 3000.0))
    ('yes', 'no', 'no')
    >>> judge(np.array([1000.0, 1200.0, 1600.0, np.nan, np.nan]))
    'partly'
    """

    def judge(numbers: Array) -> str:
        p5, p25, p75, p95 = percentiles(numbers, (5, 25, 75, 95))
        if p25 <= printed <= p75 < np.inf:
            return "yes"
        return "partly" if p5 <= printed <= p95 else "no"

    return judge


def percentiles(numbers: Array, which: Iterable[float]) -> Array:
    """Return percentiles of the numbers, each the number of a seed; a seed that failed (nan) counts as infinite.

    >>> percentiles(np.array([3.0, 1.0, np.nan]), (0, 50, 100))
    array([ 1.,  3., inf])
    """
    return np.percentile(np.where(np.isnan(numbers), np.inf, numbers), list(which), method="nearest")
