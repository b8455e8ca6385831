"""Spoken digits: what ships, and what varying it may and may not change."""

import numpy as np
import pytest

import bpbook as bp
from bpbook import datasets


def test_every_voice_says_every_digit_equally_often():
    x, y, speaker = datasets.spoken_digits()
    assert x.shape == (2950, 480) and len(speaker) == 2950
    for voice in set(speaker.tolist()):
        assert np.bincount(y[speaker == voice]).tolist() == [2 if voice.startswith("espeak-ng") else 25] * 10
    np.testing.assert_allclose(x.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(x.std(axis=1), 1, atol=1e-12)


@pytest.mark.parametrize("made", [datasets.spoken_clips, datasets.real_clips])
def test_clips_are_words_of_plausible_length_and_full_level(made):
    clips = made()
    assert [clip.digit for clip in clips] == list(range(10)) * (len(clips) // 10)
    for clip in clips:
        assert 0.2 < len(clip.samples) / 8000 < 1.5
        assert np.abs(clip.samples).max() == pytest.approx(1)


def test_a_shipped_sound_has_the_shipped_picture():
    """The picture was made of the sound before it was stored in 12 bits."""
    x, y, speaker = datasets.spoken_digits()
    for clip in datasets.spoken_clips():
        distance = ((x - datasets.speech_features(clip.samples)) ** 2).mean(axis=1)
        assert y[distance.argmin()] == clip.digit
        assert distance[(y == clip.digit) & (speaker == clip.speaker)].min() < 0.15


def test_varying_depends_on_the_generator_alone_and_changes_no_input():
    x = datasets.spoken_digits()[0][:20]
    before = x.copy()
    one, two, other = (datasets.vary(x, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(x, before)
    assert np.abs(one - other).mean() > 0.1 and one.shape == x.shape
    np.testing.assert_allclose([one.mean(axis=1), one.std(axis=1)], [[0] * 20, [1] * 20], atol=1e-12)
    assert datasets.vary(x[:1], np.random.default_rng(0)).shape == (1, 480)


def test_without_noise_only_the_quiet_parts_change():
    """The other three changes are drawn as before, so loud parts keep their order and quiet ones are not filled."""
    x = datasets.spoken_digits()[0][:200]
    with_it, without = (datasets.vary(x, np.random.default_rng(1), noise=noise) for noise in (True, False))
    np.testing.assert_array_equal(with_it, datasets.vary(x, np.random.default_rng(1)))
    loud = np.argsort(without, axis=1)[:, -48:]
    ranks = [np.take_along_axis(each, loud, axis=1) for each in (with_it, without)]
    assert all(np.corrcoef(one, other)[0, 1] > 0.99 for one, other in zip(*ranks, strict=True))
    depth = [np.median(np.ptp(each, axis=1)) for each in (with_it, without)]
    assert depth[0] < depth[1] - 0.1


def test_a_varied_word_stays_nearer_to_itself_than_to_other_words():
    """Varying must not turn a three into a seven: the linear reader of plain words still reads most varied ones."""
    x, y, _ = datasets.spoken_digits()
    net = bp.MLP([480, 10], loss="softmax_cross_entropy", seed=0, dtype=np.float32)
    net.fit(x, y, epochs=10, batch_size=64, optimizer=bp.Adam(eta=1e-3), progress=False)
    plain, varied = net.score(x, y), net.score(datasets.vary(x, np.random.default_rng(0)), y)
    assert plain > 0.9 and plain - 0.3 < varied < plain


@pytest.mark.parametrize(
    ("x", "rng", "error", "message"),
    [
        (
            np.ones((480, 3)),
            np.random.default_rng(0),
            ValueError,
            r"^x must have shape \(m, 480\); got \(480, 3\)\. Pass",
        ),
        (np.ones(480), np.random.default_rng(0), ValueError, r"^x must have .* For a single word pass x\[None\]\.$"),
        (np.ones((3, 480)), 0, TypeError, r"^rng must be a Generator; got 0\. Pass np\.random\.default_rng\(0\)\.$"),
    ],
)
def test_columns_for_rows_are_not_mixed_into_words_of_nobody(x, rng, error, message):
    # 480 words of 3 numbers are 1,440 numbers, and so are 3 words of 480.
    with pytest.raises(error, match=message):
        datasets.vary(x, rng)
