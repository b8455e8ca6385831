"""From a sound to the picture that a network reads: each step a small function.

A spoken word goes through them in this order:

    resample   to 8,000 samples a second, as on a telephone
    trim       the silence before and after the word
    frames     of 32 ms, one every 10 ms
    power_spectrum   how much of each frequency is in a frame
    mel_filters      the frequencies gathered into 20 bands, as wide as the ear finds them
    decibels         the logarithm: equal steps of loudness become equal numbers
    stretch          to 24 columns, however fast the word was said
    standardise      mean 0 and standard deviation 1, however loud the recording

`log_mel` does the four in the middle, and `speech_features` all of them.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ... import checks

__all__ = [
    "BANDS",
    "COLUMNS",
    "FRAME",
    "HOP",
    "RATE",
    "decibels",
    "frames",
    "hertz",
    "log_mel",
    "mel",
    "mel_filters",
    "power_spectrum",
    "resample",
    "speech_features",
    "standardise",
    "stretch",
    "trim",
]

Array = NDArray[np.float64]

RATE = 8000
"""Samples a second that all steps after `resample` expect."""
FRAME, HOP = 256, 80
"""Samples in a frame (32 ms), and from the start of one to the start of the next (10 ms)."""
BANDS, COLUMNS = 20, 24
"""Mel bands and columns of time in the picture of a word."""
_SHORT = RATE // 100  # samples in 10 ms, over which loudness is measured when the silence is cut off


def _sound(samples: ArrayLike) -> Array:
    """Return samples as floats, or say what is wrong with them."""
    sound = np.asarray(samples)
    if sound.ndim == 2:
        raise ValueError(
            f"samples must be one row of numbers; got shape {sound.shape}. For stereo pass samples.mean(axis=1)."
        )
    if sound.ndim != 1 or not np.issubdtype(sound.dtype, np.number):
        raise TypeError(f"samples must be one row of numbers; got {checks.shown(samples)}.")
    if not len(sound):
        raise ValueError("samples must hold a sound; got none. Record the word again.")
    if not np.isfinite(sound).all():
        raise ValueError("samples must be finite; got nan or inf. Read the file again.")
    return sound.astype(np.float64)


def resample(samples: ArrayLike, rate: float) -> Array:
    """Return the sound at `RATE` samples a second.

    Frequencies above half the new rate cannot be held by it, so they are cut off first: left in, they would come back
    as other, lower frequencies.

    Parameters
    ----------
    samples : array of shape (n,)
    rate : float
        Samples a second of the sound that comes in.

    Returns
    -------
    array of shape (n * RATE / rate,), rounded

    >>> t = np.arange(44100) / 44100
    >>> low, high = np.sin(2 * np.pi * 1000 * t), np.sin(2 * np.pi * 6000 * t)
    >>> resampled = resample(low + high, 44100)
    >>> np.allclose(resampled, np.sin(2 * np.pi * 1000 * np.arange(8000) / 8000))  # the high one is gone
    True
    """
    sound, rate = _sound(samples), checks.positive("rate", rate)
    if rate == RATE:
        return sound
    spectrum = np.fft.rfft(sound)
    n = max(1, round(len(sound) * RATE / rate))
    kept = np.zeros(n // 2 + 1, dtype=complex)
    kept[: len(spectrum)] = spectrum[: len(kept)]
    return np.fft.irfft(kept, n) * (n / len(sound))


def trim(samples: ArrayLike, quiet: float = 25.0) -> Array:
    """Cut off the silence before and after the word.

    The word is what lies between the first and the last 10 ms that are at most `quiet` decibels softer than the loudest
    10 ms. Loudness is that of the changes from sample to sample, which are small for the hum of a room and large for
    the hiss of an "s".

    Parameters
    ----------
    samples : array of shape (n,)
    quiet : float
        Decibels.

    Returns
    -------
    array of at most n samples, rounded up to whole 10 ms

    >>> silence, word = np.zeros(4000), np.sin(np.arange(2000))
    >>> 2000 <= len(trim(np.concatenate([silence, word, silence]))) <= 2080
    True
    """
    sound = _sound(samples)
    sound = np.pad(sound - sound.mean(), (0, -len(sound) % _SHORT))
    changes = np.diff(sound, prepend=sound[0]).reshape(-1, _SHORT)
    loudness = 10 * np.log10((changes**2).mean(axis=1) + 1e-15)
    loud = np.flatnonzero(loudness >= loudness.max() - quiet)
    return sound[loud[0] * _SHORT : (loud[-1] + 1) * _SHORT]


def frames(samples: ArrayLike) -> Array:
    """Cut a sound into overlapping frames of 32 ms, one every 10 ms: short enough that the mouth hardly moves in one.

    Parameters
    ----------
    samples : array of shape (n,)

    Returns
    -------
    array of shape (T, FRAME)
        A sound shorter than one frame is filled up with silence.
    """
    sound = _sound(samples)
    sound = np.pad(sound, (0, max(0, FRAME - len(sound))))
    return np.lib.stride_tricks.sliding_window_view(sound, FRAME)[::HOP]


def power_spectrum(cut: ArrayLike) -> Array:
    """Return how much power each frame holds at each frequency.

    Each frame is faded in and out first (Hann's window), because its hard ends would sound at every frequency.

    Parameters
    ----------
    cut : array of shape (T, FRAME)

    Returns
    -------
    array of shape (T, FRAME / 2 + 1)
        Column k belongs to k RATE / FRAME = 31.25 k hertz.
    """
    return np.abs(np.fft.rfft(np.asarray(cut) * np.hanning(FRAME))) ** 2


def mel(frequency: ArrayLike) -> NDArray[Any]:
    """Return a frequency in mel, equal steps of which the ear hears as about equal steps of pitch.

    References
    ----------
    D. O'Shaughnessy 1987, "Speech Communication: Human and Machine", p. 150: 2595 log10(1 + f / 700).

    >>> bool(abs(mel(1000) - 1000) < 0.1), bool(mel(2000) < 2 * mel(1000))
    (True, True)
    """
    return 2595 * np.log10(1 + np.asarray(frequency) / 700)


def hertz(pitch: ArrayLike) -> NDArray[Any]:
    """Return the frequency in hertz of a pitch in mel: undoes `mel`.

    >>> bool(np.isclose(hertz(mel(440.0)), 440.0))
    True
    """
    return 700 * (10 ** (np.asarray(pitch) / 2595) - 1)


def mel_filters(low: float = 100.0, high: float = 3800.0) -> Array:
    """Return 20 overlapping triangles that gather the frequencies of a power spectrum into bands.

    Their corners are equally far apart in mel: band j rises from corner j to corner j + 1 and falls to corner j + 2.

    Parameters
    ----------
    low, high : float
        Where the first triangle starts and the last one ends, in hertz.

    Returns
    -------
    array of shape (FRAME / 2 + 1, BANDS)

    >>> tops = mel_filters().argmax(axis=0) * RATE / FRAME
    >>> bool(tops[1] - tops[0] < tops[-1] - tops[-2])  # the higher, the wider
    True
    """
    corners = hertz(np.linspace(mel(low), mel(high), BANDS + 2))
    frequency = np.arange(FRAME // 2 + 1)[:, np.newaxis] * RATE / FRAME
    left, top, right = corners[:-2], corners[1:-1], corners[2:]
    return np.maximum(0, np.minimum((frequency - left) / (top - left), (right - frequency) / (right - top)))


def decibels(power: ArrayLike, floor: float = 60.0) -> Array:
    """Return 10 log10 of the power relative to the largest, and at least -floor.

    Twice the power is 3 dB more wherever it happens, so a whisper of an "s" counts beside a loud "i".

    >>> decibels([1000.0, 100.0, 0.0]).tolist()
    [0.0, -10.0, -60.0]
    """
    power = np.asarray(power, dtype=np.float64)
    largest = power.max()
    if not largest > 0:
        raise ValueError("power must be above 0 somewhere; got silence. Record the word again, louder.")
    return 10 * np.log10(np.maximum(power / largest, 10 ** (-floor / 10)))


def log_mel(samples: ArrayLike) -> Array:
    """Return the log-mel spectrogram of a sound at `RATE`: decibels in 20 bands, every 10 ms.

    Parameters
    ----------
    samples : array of shape (n,)

    Returns
    -------
    array of shape (T, BANDS)
        From -60 to 0, the loudest.
    """
    return decibels(power_spectrum(frames(samples)) @ mel_filters())


def stretch(spectrogram: ArrayLike) -> Array:
    """Return a spectrogram of 24 columns of time, by interpolation, however many it had.

    Parameters
    ----------
    spectrogram : array of shape (T, BANDS)

    Returns
    -------
    array of shape (COLUMNS, BANDS)
    """
    given = np.asarray(spectrogram, dtype=np.float64)
    t = np.linspace(0, len(given) - 1, COLUMNS)
    before = t.astype(int)
    after = np.minimum(before + 1, len(given) - 1)
    share = (t - before)[:, np.newaxis]
    return (1 - share) * given[before] + share * given[after]


def standardise(pictures: ArrayLike) -> Array:
    """Return each picture with mean 0 and standard deviation 1, as one row.

    Each is measured by itself alone, so nothing of another recording can leak into it.

    Parameters
    ----------
    pictures : array of shape (m, ...)

    Returns
    -------
    array of shape (m, n)
        A picture without any contrast becomes zeros.
    """
    rows = np.asarray(pictures, dtype=np.float64)
    rows = rows.reshape(len(rows), -1)
    rows = rows - rows.mean(axis=1, keepdims=True)
    spread = rows.std(axis=1, keepdims=True)
    return rows / np.where(spread > 1e-9, spread, 1)


def speech_features(samples: ArrayLike, rate: float = RATE) -> Array:
    """Return what a network reads of a spoken word: all steps of this module, one after the other.

    Parameters
    ----------
    samples : array of shape (n,)
        The sound, of any level.
    rate : float
        Samples a second.

    Returns
    -------
    array of shape (COLUMNS * BANDS,)
        `x.reshape(COLUMNS, BANDS)` is the picture: time runs down, pitch to the right.

    Raises
    ------
    ValueError
        The sound is empty, silent, not finite, or of two channels.

    >>> word = np.sin(np.arange(3000) / 3)
    >>> quieter, with_silence = word / 100, np.pad(word, 2000)
    >>> x, *others = [speech_features(sound) for sound in (word, quieter, with_silence)]
    >>> x.shape, bool(np.allclose(x, others[0])), bool(np.abs(x - others[1]).mean() < 0.1)
    ((480,), True, True)
    """
    word = trim(resample(samples, rate))
    return standardise(stretch(log_mel(word))[np.newaxis])[0]
