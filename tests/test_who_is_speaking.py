"""The experiment of chapter 09 without a browser: every control moved, every answer computed again."""

import numpy as np
import pytest

import bpbook as bp
import bpbook.widgets  # now, so that collecting doctests does not put modules in the place of functions
from bpbook import datasets

CLIPS = [clip for clip in datasets.spoken_clips() if clip.speaker in ("flite slt", "flite awb")]
NETS = {name: bp.MLP([480, 10], init="glorot", seed=seed) for seed, name in enumerate(("one", "other"))}
WHO = bp.MLP([480, 2], init="glorot", seed=2), ["flite slt", "flite awb"]


@pytest.fixture
def speaking():
    return bp.widgets.who_is_speaking(NETS, CLIPS, WHO)


def test_every_control_across_its_range_shows_what_its_own_lines_compute(speaking):
    for voice, digit, level in [(v, d, n) for v in range(2) for d in (0, 3, 9) for n in range(4)]:
        speaking.voice, speaking.digit, speaking.level = voice, digit, level
        found = {"clips": CLIPS, "nets": NETS}
        exec(speaking.lines().partition("for name")[0], found)
        clip = found["clip"]
        assert clip.digit == digit and f"{clip.speaker} says {digit}" in repr(speaking)
        for name, net in NETS.items():
            np.testing.assert_allclose(speaking.answers[name], net.predict_proba([found["x"]])[0], atol=1e-9)
        by = WHO[0].predict_proba([found["x"]])[0]
        np.testing.assert_allclose(list(speaking.speakers.values()), by, atol=1e-9)
    assert speaking.message == ""


def test_noise_changes_the_answers(speaking):
    quiet = speaking.answers["one"]
    speaking.level = 3
    assert np.abs(speaking.answers["one"] - quiet).max() > 0.01


def test_rewinding_leads_back_to_the_first_word(speaking):
    before = repr(speaking)
    speaking.voice, speaking.digit, speaking.level = 1, 4, 2
    assert repr(speaking) != before
    speaking.rewind()
    assert repr(speaking) == before


@pytest.mark.parametrize(("name", "value"), [("voice", 2), ("digit", 10), ("digit", -1), ("level", 4)])
def test_what_is_not_there_is_refused_in_words(speaking, name, value):
    before = repr(speaking)
    setattr(speaking, name, value)
    assert repr(speaking) == before and name in speaking.message and str(value) in speaking.message


def test_without_clips_four_voices_of_the_book_speak_and_one_of_them_is_real():
    speaking = bp.widgets.who_is_speaking(NETS)
    assert len(speaking.state["clips"]) == 40 and speaking.state["voices"][-1] == "Allison Smith"
    assert speaking.speakers == {}
    assert sum(len(speaking.state[name]) for name in ("sounds", "pictures", "noise")) < 400_000


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            (bp.MLP([480, 10]),),
            TypeError,
            r"^nets must be a dictionary of networks by name; got .* Pass \{'mine'",
        ),
        (({"a": bp.MLP([64, 10])},), ValueError, r"^nets\['a'\] must have 480 inputs and 10 outputs; got 64 and 10\."),
        (({"a": "net"},), TypeError, r"^nets\['a'\] must be a bp\.MLP; got 'net'\."),
        ((dict.fromkeys("abcd", NETS["one"]),), ValueError, r"^nets must be at most 3, to fit side by side; got 4\."),
        ((NETS, []), ValueError, r"^clips must hold at least one word; got none\."),
        (
            (NETS, CLIPS, (WHO[0], ["a"])),
            ValueError,
            r"^who must be a network of 480 inputs and 1 outputs,.* 480 and 2",
        ),
    ],
)
def test_bad_input_gets_one_line(arguments, error, message):
    with pytest.raises(error, match=message):
        bp.widgets.who_is_speaking(*arguments)
