"""Who may be on which side, and what is said of people when they are counted."""

from typing import Any

import numpy as np

from ...bugs.fields.speech import SPEECH
from ...kinds import Choice, Function


def _people(rng: np.random.Generator) -> tuple[Any, Any]:
    speaker = rng.permutation(np.repeat(np.arange(6), rng.integers(2, 5, 6)))
    return speaker, rng.permutation(6)[:2]


def _half_of_them(rng: np.random.Generator) -> tuple[Any, Any]:
    speaker, _ = _people(rng)
    return speaker, rng.permutation(6)[:3]


def _in_blocks(rng: np.random.Generator) -> tuple[Any, Any]:
    return np.repeat([7, 3, 5], 3), np.array([3])


def _split(speaker: Any, held_out: Any) -> tuple[Any, Any]:
    test = np.isin(speaker, held_out)
    return np.flatnonzero(~test), np.flatnonzero(test)


def _leaky(speaker: Any, held_out: Any) -> tuple[Any, Any]:
    """Keep the first recording of everybody to learn from, as if that were a courtesy."""
    train, test = _split(speaker, held_out)
    first = np.unique(speaker, return_index=True)[1]
    return np.union1d(train, first), np.setdiff1d(test, first)


def _by_position(speaker: Any, held_out: Any) -> tuple[Any, Any]:
    """Hold out as many recordings from the end as these people have."""
    rows, m = np.arange(len(speaker)), int(np.isin(speaker, held_out).sum())
    return rows[: len(rows) - m], rows[len(rows) - m :]


def _answers(rng: np.random.Generator) -> tuple[Any, Any]:
    counts = rng.integers(2, 9, 4)
    speaker = rng.permutation(np.repeat(np.arange(4) + 10, counts))
    right = rng.uniform(size=len(speaker)) < np.array([0.2, 0.5, 0.8, 0.95])[speaker - 10]
    return right, speaker


def _never(rng: np.random.Generator) -> tuple[Any, Any]:
    return np.array([True, True, False, True, False]), np.array([4, 4, 9, 4, 4])


def _shares(right: Any, speaker: Any) -> Any:
    return np.array([right[speaker == person].mean() for person in np.unique(speaker)])


EXERCISES = [
    Function(
        name="people_apart",
        points=2,
        arguments=_people,
        special=(_half_of_them, _in_blocks),
        reference=lambda speaker, held_out: _split(speaker, held_out),
        returns=("train", "test"),
        mistakes={
            _leaky: SPEECH["same speaker on both sides"],
            lambda speaker, held_out: _split(speaker, held_out)[::-1]: SPEECH["sides exchanged"],
            lambda speaker, held_out: (np.arange(len(speaker)), _split(speaker, held_out)[1]): SPEECH[
                "test in training"
            ],
            lambda speaker, held_out: (~np.isin(speaker, held_out), np.isin(speaker, held_out)): "These say yes or no "
            "for every row. You are asked for the numbers of the rows, which `np.flatnonzero` makes.",
            lambda speaker, held_out: (
                _split(speaker, held_out)[0],
                np.concatenate([np.flatnonzero(speaker == person) for person in held_out]),
            ): "The rows of the test come person by person. They are asked for in rising order.",
            _by_position: "This counts recordings and holds out the last ones, whoever said them.",
            lambda speaker, held_out: _split(speaker, held_out[:1]): "Only the first of these people is held out.",
            lambda speaker, held_out: _split(np.arange(len(speaker)), held_out): "This takes the numbers of people for "
            "the numbers of rows.",
            lambda speaker, held_out: (
                speaker[_split(speaker, held_out)[0]],
                speaker[_split(speaker, held_out)[1]],
            ): "These are the speakers of the rows. You are asked for the numbers of the rows.",
        },
        hints=(
            "For each row, ask whether its speaker is among those held out.",
            "`np.isin` answers that for all rows at once.",
            "`np.flatnonzero` turns True and False into row numbers. Which rows are the others?",
        ),
    ),
    Function(
        name="per_person",
        points=2,
        arguments=_answers,
        special=(_never,),
        reference=lambda right, speaker: (_shares(right, speaker).mean(), _shares(right, speaker).min()),
        returns=("mean", "worst"),
        partial=True,
        mistakes={
            lambda right, speaker: (np.mean(right), _shares(right, speaker).min()): SPEECH["mean over recordings"],
            lambda right, speaker: (_shares(right, speaker).mean(), _shares(right, speaker).max()): SPEECH[
                "best for worst"
            ],
            lambda right, speaker: tuple(
                of([right[speaker == person].sum() for person in np.unique(speaker)]) / len(right)
                for of in (np.mean, np.min)
            ): "Each count is divided by all recordings. Divide it by those of that person.",
            lambda right, speaker: (np.median(_shares(right, speaker)), _shares(right, speaker).min()): "The first "
            "number is a median. You are asked for the mean over the people.",
            lambda right, speaker: (1 - _shares(right, speaker).mean(), 1 - _shares(right, speaker).max()): "These are "
            "shares of mistakes. You are asked for shares of right answers.",
            lambda right, speaker: (
                np.mean([right[speaker == p].sum() for p in np.unique(speaker)]),
                np.min([right[speaker == p].sum() for p in np.unique(speaker)]),
            ): "These are counts. Divide by how many recordings each person has.",
            lambda right, speaker: (
                1 - _shares(right, speaker).mean(),
                1 - _shares(right, speaker).min(),
            ): "You counted mistakes. Count right answers.",
            lambda right, speaker: (
                _shares(right, speaker).mean(),
                np.unique(speaker)[_shares(right, speaker).argmin()],
            ): "The second number is the person who is understood worst. You are asked for that person's share.",
        },
        hints=(
            "Go through the people, and look at the recordings of one at a time.",
            "The mean of `right[speaker == person]` is the share of that person's words that were understood.",
            "Collect these shares in a list. Its mean and its smallest entry are what is asked.",
        ),
    ),
    Choice(
        name="which_split",
        right="c",
        options={
            "a": "No slice of the same cough is on the other side. But what of the patient's other two coughs?",
            "b": "This is the same for every cough, ill or not, so nothing can be learned from it.",
            "c": "Right. Whoever is recognised is diagnosed. Here it is the person who gives the answer away, while in "
            "the vowels it was the word.",
            "d": "The slices of a cough are all on one side, so none of them meets its twin in the test.",
        },
        hints=(
            "What do the training slices and a test slice still have in common?",
            "Suppose the network could recognise people and nothing else. How would it do in this test?",
            "The diagnosis belongs to the patient. On how many sides is the patient?",
        ),
    ),
    Choice(
        name="which_spread",
        right="c",
        options={
            "a": "What would forty people show who are all understood equally well? Ten words each vary as well.",
            "b": "Luck could make all of this spread, but that does not prove that nothing else has a part in it.",
            "c": "Right. The root of 0.8 times 0.2 over 10 is 0.126. Ask more words before you blame anybody.",
            "d": "Seeds say how much your own dice matter. This is a spread over people, each with ten words.",
        },
        hints=(
            "How much would the shares differ if nobody were harder to understand than anybody else?",
            "Then every word is a toss of a coin that falls right four times in five, and a share is a mean of ten.",
            "One toss has the variance 0.8 times 0.2. A mean of ten has a tenth of it. Take the root, and compare.",
        ),
    ),
]
