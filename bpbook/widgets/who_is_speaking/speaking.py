"""Chapter 09: a word to listen to, its picture, what networks hear in it, and whom."""

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets
from numpy.typing import NDArray

from ... import checks
from ...datasets import Clip, real_clips, speech_features, spoken_clips
from ...datasets.sounds.sound import BANDS, COLUMNS
from ...mlp import MLP
from ..views import front_end

__all__ = ["who_is_speaking"]

QUESTION = "Which words does a network understand from a voice it never heard, and how much noise can it bear?"
LEVELS: tuple[float | None, ...] = (None, 20.0, 10.0, 0.0)
"""Noise this many decibels below the word; None for none."""
VOICES = ("flite slt", "flite awb", "espeak-ng f3", "Allison Smith")
"""Who speaks where no clips are given."""
SIZE = COLUMNS * BANDS

LINES = """import numpy as np
import bpbook as bp
clip = clips[{k}]  # {speaker} says {digit}
noise = np.random.default_rng(0).integers(-127, 128, size=len(clip.samples))
strength = {strength} * np.std(clip.samples) / np.std(noise)
x = bp.datasets.speech_features(clip.samples + strength * noise)
for name, net in nets.items():
    print(name, net.predict_proba([x]).round(3))
"""


class _WhoIsSpeaking(anywidget.AnyWidget):
    """Words by several voices at several levels of noise; all answers are computed when it is made.

    Attributes
    ----------
    voice, digit, level : int
        Which voice speaks, what it says, and which of the levels of noise there is.
    answers : dict
        For each network the ten probabilities of the word that is chosen, by its name.
    speakers : dict
        The probability of each voice that `who` knows, by its name; empty without `who`.
    """

    _esm = front_end.module(Path(__file__).with_name("speaking"))
    _css = front_end.css(Path(__file__).with_name("speaking"))

    title = traitlets.Unicode("Who is speaking?").tag(sync=True)
    question = traitlets.Unicode(QUESTION).tag(sync=True)
    state = traitlets.Dict().tag(**front_end.AS_TEXT)
    voice = traitlets.Int(0).tag(sync=True)
    digit = traitlets.Int(0).tag(sync=True)
    level = traitlets.Int(0).tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)

    def __init__(self, nets: Mapping[str, MLP], clips: Sequence[Clip], who: tuple[MLP, Sequence[str]] | None) -> None:
        self._nets, self._clips, self._who = dict(nets), list(clips), who
        self._voices = list(dict.fromkeys(clip.speaker for clip in self._clips))
        self._at = {(self._voices.index(clip.speaker), clip.digit): k for k, clip in enumerate(self._clips)}
        x = np.array([[speech_features(noisy(clip.samples, level)) for level in LEVELS] for clip in self._clips])
        rows = x.reshape(-1, SIZE)
        shape = (len(self._clips), len(LEVELS), -1)
        self._p = {name: net.predict_proba(rows).reshape(shape) for name, net in self._nets.items()}
        self._by = who[0].predict_proba(rows).reshape(shape) if who else None
        self._first = {"voice": 0, "digit": min(d for v, d in self._at if v == 0), "level": 0}
        super().__init__(state=self._state(rows), **self._first)

    def _state(self, rows: NDArray[np.float64]) -> dict[str, Any]:
        """Return what the browser needs: sounds and pictures as bytes, probabilities in hundred-thousandths."""
        grey = np.clip(255 * (rows + 2.5) / 5, 0, 255).astype(np.uint8)
        sounds = [np.rint(127 * _squeezed(clip.samples)).astype(np.int8) for clip in self._clips]
        longest = max(len(sound) for sound in sounds)
        return {
            "voices": self._voices,
            "clips": [[voice, digit, k] for (voice, digit), k in self._at.items()],
            "levels": list(LEVELS),
            "nets": list(self._nets),
            "who": list(self._who[1]) if self._who else [],
            "p": [_whole(values) for values in self._p.values()],
            "by": _whole(self._by) if self._by is not None else [],
            "size": [COLUMNS, BANDS],
            "pictures": _text(grey),
            "sounds": _text(np.concatenate(sounds)),
            "ends": np.cumsum([len(sound) for sound in sounds]).tolist(),
            "noise": _text(white(longest).astype(np.int8)),
            "first": self._first,
            "lines": LINES,
        }

    @property
    def _chosen(self) -> int:
        """The number of the clip that is chosen."""
        return self._at[self.voice, self.digit]

    @property
    def answers(self) -> dict[str, NDArray[np.float64]]:
        """What each network makes of the word: ten probabilities."""
        return {name: values[self._chosen, self.level] for name, values in self._p.items()}

    @property
    def speakers(self) -> dict[str, float]:
        """Whom the network of voices hears."""
        if self._who is None or self._by is None:
            return {}
        return dict(zip(self._who[1], self._by[self._chosen, self.level].tolist(), strict=True))

    def rewind(self) -> None:
        """Go back to the first word of the first voice, without noise."""
        with self.hold_sync():
            for name, value in self._first.items():
                setattr(self, name, value)
            self.message = ""

    def lines(self) -> str:
        """Return the lines that give the same answers, from the nets and clips that were given."""
        clip, level = self._clips[self._chosen], LEVELS[self.level]
        strength = "0" if level is None else f"10 ** (-{level:g} / 20)"
        return LINES.format(k=self._chosen, speaker=clip.speaker, digit=clip.digit, strength=strength)

    @traitlets.validate("voice", "digit", "level")
    def _there(self, proposal: Any) -> int:
        """Keep to words that there are, or stay and say so."""
        name, value = proposal["trait"].name, proposal["value"]
        now = {"voice": self.voice, "digit": self.digit, "level": self.level}
        wanted = now | {name: value}
        if not 0 <= wanted["level"] < len(LEVELS):
            self.message = f"level must be from 0 to {len(LEVELS) - 1}; got {value}. It stays {now['level']}."
        elif (wanted["voice"], wanted["digit"]) not in self._at:
            self.message = f"There is no recording with {name} {value}. It stays {now[name]}."
        else:
            return int(value)
        return now[name]

    def __repr__(self) -> str:
        heard = ", ".join(f"{name}: {values.argmax()}" for name, values in self.answers.items())
        clip = self._clips[self._chosen]
        return f"[experiment] who is speaking? {clip.speaker} says {clip.digit}; heard by {heard}"


def white(n: int) -> NDArray[np.int64]:
    """Return n whole numbers from -127 to 127: the noise of all words, so that what is heard is what is shown.

    >>> np.array_equal(white(5), white(9)[:5])
    True
    """
    return np.random.default_rng(0).integers(-127, 128, size=n)


def noisy(samples: NDArray[np.float64], level: float | None) -> NDArray[np.float64]:
    """Return a sound with noise that is `level` decibels softer.

    >>> t = np.sin(np.arange(8000.0))
    >>> round(float(np.std(noisy(t, 0.0) - t) / np.std(t)), 6)
    1.0
    """
    if level is None:
        return samples
    noise = white(len(samples))
    return samples + 10 ** (-level / 20) * np.std(samples) / np.std(noise) * noise


def _squeezed(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return samples at full level with fine steps for soft ones: the mu-law of telephones."""
    level = samples / np.abs(samples).max()
    return np.sign(level) * np.log1p(255 * np.abs(level)) / np.log(256)


def _text(values: NDArray[Any]) -> str:
    return base64.b64encode(values.tobytes()).decode()


def _whole(p: NDArray[Any]) -> list[Any]:
    return np.rint(100_000 * p).astype(int).tolist()


def _checked(nets: Mapping[str, MLP]) -> None:
    """Say what is wrong with networks that cannot read these words."""
    if not isinstance(nets, Mapping) or not nets:
        raise TypeError(
            f"nets must be a dictionary of networks by name; got {checks.shown(nets)}. Pass {{'mine': net}}."
        )
    for name, net in nets.items():
        if not isinstance(net, MLP):
            raise TypeError(f"nets[{name!r}] must be a bp.MLP; got {checks.shown(net)}.")
        if (net.sizes[0], net.sizes[-1]) != (SIZE, 10):
            raise ValueError(
                f"nets[{name!r}] must have {SIZE} inputs and 10 outputs; got {net.sizes[0]} and {net.sizes[-1]}. "
                "Train it on bp.datasets.spoken_digits()."
            )
    if len(nets) > 3:
        raise ValueError(f"nets must be at most 3, to fit side by side; got {len(nets)}.")


def who_is_speaking(
    nets: Mapping[str, MLP], clips: Sequence[Clip] | None = None, who: tuple[MLP, Sequence[str]] | None = None
) -> _WhoIsSpeaking:
    """Return the experiment of chapter 09: play a word, see its picture, and what networks hear in it.

    Parameters
    ----------
    nets : dict
        Up to three networks by name, each of 480 inputs and 10 outputs.
    clips : list of Clip, optional
        The words that can be chosen; four voices that ship with the book by default.
    who : pair, optional
        A network of 480 inputs that tells voices apart, and their names.

    Raises
    ------
    TypeError
        nets is no dictionary of networks.
    ValueError
        A network has other sizes, or there are no clips.

    Examples
    --------
    >>> from bpbook import datasets
    >>> net = MLP([480, 10], init="zeros", loss="softmax_cross_entropy")
    >>> who_is_speaking({"knows nothing": net}, datasets.real_clips()[:2])
    [experiment] who is speaking? Allison Smith says 0; heard by knows nothing: 0
    """
    _checked(nets)
    if who is not None and (who[0].sizes[0], who[0].sizes[-1]) != (SIZE, len(who[1])):
        raise ValueError(
            f"who must be a network of {SIZE} inputs and {len(who[1])} outputs, one a name; got "
            f"{who[0].sizes[0]} and {who[0].sizes[-1]}."
        )
    if clips is None:
        shipped = [*spoken_clips(), *real_clips()]
        clips = [clip for voice in VOICES for clip in shipped if clip.speaker == voice]
    if not len(clips):
        raise ValueError("clips must hold at least one word; got none. Leave clips out for those of the book.")
    return _WhoIsSpeaking(nets, clips, who)
