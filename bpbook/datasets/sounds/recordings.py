"""Real recordings of spoken digits, from a folder of your own."""

import io
import re
import unicodedata
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ... import checks
from .sound import RATE, resample, speech_features, trim

__all__ = ["Recordings", "read_wav", "speech_folder"]

_NAME = re.compile(r"([0-9])_(.+)_([^_]+)\.wav", re.IGNORECASE)
_STREAMED = 0x7FFF0000  # a program that writes into a pipe cannot know the length, and announces a huge one
_SHORTEST, _LONGEST = 0.05, 3.0  # seconds of a spoken digit, silence cut off
_FAINTEST = 3 / 2**15  # three steps of a 16-bit recording: nothing was said


class Recordings(NamedTuple):
    """What `speech_folder` found: m recordings that a network can read, and the files that it left out.

    Attributes
    ----------
    x : array of shape (m, 480)
        The features of `speech_features`.
    y : array of shape (m,)
        The digits that the file names say.
    speaker : array of shape (m,)
        The speakers that the file names say.
    files : list of m file names
    left_out : dict
        For each file that is not among them, what is wrong with it.
    """

    x: NDArray[np.float64]
    y: NDArray[np.intp]
    speaker: NDArray[np.str_]
    files: list[str]
    left_out: dict[str, str]

    def __repr__(self) -> str:
        """Say in a few lines what there is and what was left out."""
        people = sorted(set(self.speaker.tolist()))
        counted = [f"{n} {word}{'s' * (n != 1)}" for n, word in ((len(self.y), "recording"), (len(people), "speaker"))]
        lines = [f"{' of '.join(counted)} ({checks.shortened(', '.join(people))})"]
        if self.left_out:
            lines.append(f"left out: {len(self.left_out)}")
            lines += [f"  {name}: {reason}" for name, reason in self.left_out.items()]
        return "\n".join(lines)


def read_wav(path: str | Path) -> tuple[NDArray[np.float64], int]:
    """Return the sound of a WAV file, and its rate.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    samples : array of shape (n,)
        From -1 to 1, whether the file holds 8, 16, 24 or 32 bits or floats. Two channels are averaged.
    rate : int
        Samples a second. `resample` brings them to 8,000.

    Raises
    ------
    ValueError
        The file is empty, cut short, no WAV file, holds no samples, or has a rate too low for speech.
    """
    from scipy.io import wavfile

    try:
        contents = Path(path).read_bytes()
    except OSError as problem:
        raise ValueError(f"path must be a file that can be read; got {path}: {problem.strerror}.") from None
    if not contents:
        raise ValueError("the file is empty (0 bytes). Record it again.")
    if contents[:4] not in (b"RIFF", b"RIFX", b"RF64"):
        raise ValueError(f"it is no WAV file: it starts with {contents[:4]!r}. Export the recording as WAV.")
    announced = int.from_bytes(contents[4:8], "big" if contents[:4] == b"RIFX" else "little") + 8
    if len(contents) < announced < _STREAMED:
        raise ValueError(f"it is cut short: {len(contents)} bytes of the {announced} announced. Copy it again.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of chunks that hold no sound, such as a title
            rate, data = wavfile.read(io.BytesIO(contents))
    except Exception as problem:  # noqa: BLE001  a broken file can fail anywhere inside the reader
        why = checks.shortened(str(problem))
        if isinstance(problem, UnboundLocalError):  # the reader came to the end without a format or without samples
            why = "a part is missing, as when a recording breaks off"
        raise ValueError(f"it cannot be read as WAV ({why}). Export the recording as 16-bit WAV.") from None
    if not len(data):
        raise ValueError("it holds no samples. Record it again.")
    if rate < RATE * 3 / 4:
        raise ValueError(f"its rate is {rate} samples a second, too few for speech. Record at 8000 or more.")
    if data.dtype == np.uint8:
        samples = (data.astype(np.float64) - 128) / 128
    elif np.issubdtype(data.dtype, np.integer):
        samples = data / -float(np.iinfo(data.dtype).min)
    else:
        samples = data.astype(np.float64)
    return (samples.mean(axis=1) if samples.ndim == 2 else samples), int(rate)


def _features(path: Path) -> NDArray[np.float64]:
    """Return the features of one file, or raise a ValueError that says why it cannot be used."""
    samples, rate = read_wav(path)
    if not np.isfinite(samples).all():
        raise ValueError("it holds nan or inf. Export the recording as 16-bit WAV.")
    if np.abs(samples - samples.mean()).max() < _FAINTEST:
        raise ValueError("it is silent. Check the microphone and record it again.")
    word = trim(resample(samples, rate))
    if not _SHORTEST <= len(word) / RATE <= _LONGEST:
        raise ValueError(
            f"it lasts {len(word) / RATE:.2f} s without the silence, and a spoken digit lasts {_SHORTEST} to"
            f" {_LONGEST} s. Cut the recording to one word."
        )
    return speech_features(samples, rate)


def _paths(path: str | Path) -> list[Path]:
    """Return what is in a folder, hidden files apart."""
    if not isinstance(path, str | Path):
        raise TypeError(f"path must be the name of a folder; got {checks.shown(path)}.")
    folder = Path(path).expanduser()
    if not folder.exists():
        raise ValueError(f"path must be a folder that exists; got {folder}, in {Path.cwd()}. Check its spelling.")
    if not folder.is_dir():
        raise ValueError(f"path must be a folder; got the file {folder}. Pass {str(folder.parent)!r}.")
    inside = sorted(p for p in folder.iterdir() if not p.name.startswith("."))
    if not any(p.suffix.lower() == ".wav" for p in inside):
        below = sorted({p.parent for p in folder.glob("*/*") if p.suffix.lower() == ".wav"})
        mend = f"Pass {str(below[0])!r}." if below else "Name them digit_speaker_index.wav, as in 7_ada_0.wav."
        raise ValueError(f"path must be a folder with .wav files; {folder} has none. {mend}")
    return inside


def speech_folder(path: str | Path) -> Recordings:
    """Return the features of a folder of recordings, each named digit_speaker_index.wav, as in 7_ada_0.wav.

    The Free Spoken Digit Dataset names its files like that. Any rate from 8,000 samples a second up will do, one
    channel or two, loud or soft, with silence before and after the word. A file that cannot be used is left out, with a
    warning that names it; nothing in the folder is changed.

    Parameters
    ----------
    path : str or Path
        The folder.

    Returns
    -------
    Recordings
        x, y, speaker, files and left_out: for each file left out, what is wrong with it.

    Raises
    ------
    TypeError
        path is no name of a folder.
    ValueError
        There is no such folder, it holds no .wav file, or none that can be used.

    References
    ----------
    Z. Jackson and others 2018, "Free Spoken Digit Dataset", licence CC BY-SA 4.0. It does not ship with the book.
    """
    x, names, files, left_out = [], [], [], {}
    for file in _paths(path):
        name = _NAME.fullmatch(file.name)
        try:
            if file.is_dir():
                raise ValueError("it is a folder. Pass it by itself.")
            if file.suffix.lower() != ".wav":
                raise ValueError("it is no .wav file. Export the recording as WAV.")
            if name is None:
                raise ValueError("its name must be digit_speaker_index.wav, as in 7_ada_0.wav. Rename it.")
            x.append(_features(file))
        except ValueError as problem:
            left_out[file.name] = str(problem)
        else:
            names.append((name[1], unicodedata.normalize("NFC", name[2])))  # a Mac may write é as e and an accent
            files.append(file.name)
    said = " ".join(f"{name}: {reason}" for name, reason in list(left_out.items())[:3])
    said += f" And {len(left_out) - 3} more." if len(left_out) > 3 else ""
    if not x:
        raise ValueError(f"path must hold a recording that can be used; {path} has none. {said}")
    if left_out:
        warnings.warn(f"{len(left_out)} of {len(left_out) + len(x)} files were left out. {said}", stacklevel=2)
    digit, speaker = zip(*names, strict=True)
    return Recordings(np.array(x), np.array(digit, dtype=np.intp), np.array(speaker), files, left_out)
