"""Each step from a sound to the picture that a network reads, by hand where a hand can do it."""

import numpy as np
import pytest

from bpbook import datasets
from bpbook.datasets import sound


def note(frequency, seconds=0.5, rate=8000):
    return np.sin(2 * np.pi * frequency * np.arange(int(seconds * rate)) / rate)


def test_frames_start_10_ms_apart_and_last_32():
    cut = sound.frames(np.arange(1000.0))
    assert cut.shape == (10, 256)  # 1 + (1000 - 256) // 80
    np.testing.assert_array_equal(cut[:, 0], np.arange(10) * 80)
    assert sound.frames(np.ones(10)).sum() == 10


def test_a_note_appears_at_its_own_frequency():
    for frequency in (500, 1000, 3000):
        spectrum = sound.power_spectrum(sound.frames(note(frequency)))
        assert set(spectrum.argmax(axis=1)) == {frequency / 31.25}


def test_the_window_keeps_a_note_from_sounding_elsewhere():
    """Half-way between two frequencies of the transform, a frame with hard ends leaks a thousand times more."""
    cut = sound.frames(note(1015.625))
    hard = np.abs(np.fft.rfft(cut)) ** 2
    soft = sound.power_spectrum(cut)
    far = slice(80, None)
    assert (soft[:, far] / soft.max()).max() < 1e-3 * (hard[:, far] / hard.max()).max()


def test_mel_is_the_formula_and_hertz_undoes_it():
    np.testing.assert_allclose(sound.mel(700), 2595 * np.log10(2))
    np.testing.assert_allclose(sound.hertz(sound.mel([100, 1000, 3800])), [100, 1000, 3800])


def test_filters_are_equally_wide_in_mel_and_reach_one():
    filters = sound.mel_filters()
    assert filters.shape == (129, 20) and filters.min() == 0
    frequency = np.arange(129) * 31.25
    centre = sound.mel(np.array([np.average(frequency, weights=column) for column in filters.T]))
    steps = np.diff(centre)[5:]
    assert np.ptp(steps) < 0.3 * steps.mean()
    # filters of equal width in hertz, the wrong twin, are far from equal in mel
    in_hertz = np.diff(sound.mel(np.linspace(100, 3800, 22)))[5:]
    assert np.ptp(in_hertz) > 0.3 * in_hertz.mean()


def test_neighbouring_filters_share_each_frequency_between_them():
    inside = (np.arange(129) * 31.25 > 180) & (np.arange(129) * 31.25 < 3300)
    np.testing.assert_allclose(sound.mel_filters()[inside].sum(axis=1), 1)


def test_decibels_are_ten_times_the_logarithm_above_a_floor():
    np.testing.assert_allclose(sound.decibels([2.0, 1.0, 1e-30]), [0, -10 * np.log10(2), -60])
    with pytest.raises(ValueError, match=r"^power must be above 0 somewhere; got silence"):
        sound.decibels(np.zeros(3))


def test_stretching_keeps_the_ends_and_a_straight_line():
    line = np.arange(7.0)[:, None] * np.ones(20)
    np.testing.assert_allclose(sound.stretch(line), np.linspace(0, 6, 24)[:, None] * np.ones(20))
    np.testing.assert_allclose(sound.stretch(np.ones((1, 20))), 1)


def test_trimming_cuts_a_quiet_room_and_its_hum_but_neither_the_word_nor_a_soft_hiss_at_its_end():
    rng = np.random.default_rng(0)
    word = np.concatenate([note(500), 0.05 * note(3000, 0.1)])  # the end is 26 dB softer
    padded = np.concatenate([np.zeros(4000), word, np.zeros(2400)])
    assert len(sound.trim(padded)) == len(word)
    assert len(sound.trim(padded + rng.normal(0, 0.003, len(padded)))) == len(word)  # 47 dB softer
    assert len(sound.trim(padded + 0.1 * note(60, len(padded) / 8000))) == len(word)  # only 20 dB softer
    assert len(sound.trim(word)) == len(sound.trim(sound.trim(word))) == len(word)
    assert len(sound.trim(padded, quiet=5)) == 4000  # the wrong twin loses the end


def test_resampling_keeps_what_the_new_rate_can_hold_and_nothing_else():
    np.testing.assert_allclose(sound.resample(note(1000, rate=16000), 16000), note(1000), atol=1e-9)
    assert np.abs(sound.resample(note(6000, rate=16000), 16000)).max() < 1e-9
    every_second = note(6000, rate=16000)[::2]  # the wrong twin: the note comes back at 2,000 Hz
    assert np.abs(every_second).max() > 0.9


def test_features_do_not_depend_on_the_level():
    word = note(500) * np.linspace(0, 1, 4000) + 0.3 * note(1500)
    x = datasets.speech_features(word)
    np.testing.assert_allclose(datasets.speech_features(word / 1000), x, atol=1e-6)
    np.testing.assert_allclose([x.mean(), x.std()], [0, 1], atol=1e-12)


@pytest.mark.parametrize(
    ("samples", "error", "message"),
    [
        (np.zeros(0), ValueError, r"^samples must hold a sound; got none\."),
        (np.zeros(100), ValueError, r"^power must be above 0 somewhere; got silence\."),
        (
            np.zeros((100, 2)),
            ValueError,
            r"^samples must be one row .* got shape \(100, 2\)\. For stereo pass samples\.mean",
        ),
        ([1.0, np.nan], ValueError, r"^samples must be finite; got nan or inf\."),
        ("word.wav", TypeError, r"^samples must be one row of numbers; got 'word\.wav'\."),
    ],
)
def test_bad_samples_get_one_line(samples, error, message):
    with pytest.raises(error, match=message):
        datasets.speech_features(samples)


def test_a_rate_must_be_positive():
    with pytest.raises(ValueError, match=r"^rate must be positive and finite; got 0\."):
        datasets.speech_features(note(500), rate=0)
