"""Two mistakes at once: which two known ones together give an answer that none of them gives alone."""

from collections.abc import Callable, Sequence
from functools import cache
from itertools import combinations
from typing import Any, NamedTuple

from ..judging.trial import Trial
from ..judging.verdict import Mistake
from .network import SLIPS, Take, remembering
from .passes import Net, Slip, run

__all__ = ["finder"]


class _Alone(NamedTuple):
    """What mistake `which` does alone, on one probe: the arrays that it changes, and those that are the answer's."""

    which: int
    slip: Slip
    changes: frozenset[str]
    agrees: frozenset[str]


def finder(
    net_of: Callable[..., Net], take: Take, slips: Sequence[Slip] = SLIPS
) -> Callable[[Trial], list[tuple[Mistake, Mistake]]]:
    """Return what finds the pairs of mistakes that fit an answer, for the `pairs` of an exercise.

    Most pairs are ruled out without being run: where one of the two changes an array and the other does not, the
    answer's array must be that of the one. `net_of` and `take` are those of `twins`.
    """
    net_of = remembering(net_of)

    @cache  # so that one pair is one twin for every answer
    def twin(one: int, *other: int) -> Callable[..., Any]:
        rules = slips[one].rules(*(slips[k].rules() for k in other))
        return lambda *arguments: take(*run(net_of(*arguments), rules))

    def find(trial: Trial) -> list[tuple[Mistake, Mistake]]:
        k = next((k for k, outcome in enumerate(trial.outcomes) if isinstance(outcome, dict)), None)
        if k is None:
            return []
        every, right = frozenset(trial.expected[k]), trial.agreeing(trial.expected[k], k)
        alone = []
        for which, slip in enumerate(slips):
            made = trial.made(twin(which), k)
            if made is not None and made.keys() == every:
                same = frozenset(name for name in every if trial.same(made[name], trial.expected[k][name]))
                if len(same) < len(every):
                    alone.append(_Alone(which, slip, every - same, trial.agreeing(made, k)))
        return [
            (one.slip.mistake, other.slip.mistake)
            for one, other in combinations(alone, 2)
            if one.changes - other.changes <= one.agrees
            and other.changes - one.changes <= other.agrees
            and every - one.changes - other.changes <= right
            and one.slip.mistake != other.slip.mistake
            and not one.slip.broken.keys() & other.slip.broken.keys()
            and trial.fits(twin(one.which, other.which))
        ]

    return find
