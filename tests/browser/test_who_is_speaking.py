"""The experiment of chapter 09 in a real browser without a kernel: it shows what Python computed, and plays it."""

import base64
import io

import numpy as np
import pytest
from scipy.io import wavfile

import bpbook as bp
from bpbook import datasets

pytestmark = pytest.mark.browser
CLIPS = [clip for clip in datasets.spoken_clips() if clip.speaker in ("flite slt", "flite awb")]
NETS = {name: bp.MLP([480, 10], init="glorot", seed=seed) for seed, name in enumerate(("one", "other"))}
WHO = bp.MLP([480, 2], init="glorot", seed=2), ["flite slt", "flite awb"]


@pytest.fixture
def page(without_kernel):
    with without_kernel(bp.widgets.who_is_speaking(NETS, CLIPS, WHO)) as page:
        yield page


def expected(**settings):
    speaking = bp.widgets.who_is_speaking(NETS, CLIPS, WHO)
    for name, value in settings.items():
        setattr(speaking, name, value)
    return speaking


def favourites(page):
    """Return the digit whose bar is longest, for each network."""
    return [int(row.text_content()[0]) for row in page.locator(".heard .bar.best").all()]


def test_it_shows_what_python_computed_by_mouse_and_by_keys(page):
    assert favourites(page) == [values.argmax() for values in expected().answers.values()]
    page.click(".digits button:nth-child(8)")
    page.select_option("[data-is=voice]", "1")
    page.select_option("[data-is=level]", "2")
    speaking = expected(voice=1, digit=7, level=2)
    assert favourites(page) == [values.argmax() for values in speaking.answers.values()]
    assert page.text_content("pre") == speaking.lines()
    page.focus("[data-do=play]")
    page.keyboard.press("3")
    speaking = expected(voice=1, digit=3, level=2)
    assert favourites(page) == [values.argmax() for values in speaking.answers.values()]
    assert "flite slt says 3" in page.text_content("[role=status]")
    for name in ("voice", "level"):  # the list in which somebody has just chosen keeps no digit for itself
        page.focus(f"[data-is={name}]")
        page.keyboard.press({"voice": "2", "level": "1"}[name])
        assert page.text_content("pre") == expected(voice=1, digit={"voice": 2, "level": 1}[name], level=2).lines()
    page.click("[data-do=rewind]")
    assert page.text_content("pre") == expected().lines()


def test_what_is_played_is_the_word_with_the_noise_that_is_shown(page):
    page.evaluate(
        "HTMLMediaElement.prototype.play = function () { window.played = this.src; return Promise.resolve(); }"
    )
    page.select_option("[data-is=level]", "1")
    page.click("[data-do=play]")
    kind, _, text = page.evaluate("window.played").partition(",")
    assert kind == "data:audio/wav;base64"
    rate, played = wavfile.read(io.BytesIO(base64.b64decode(text)))
    assert rate == 8000
    x = datasets.speech_features(played)
    shown = datasets.speech_features(bp.widgets.who_is_speaking.__globals__["noisy"](CLIPS[0].samples, 20.0))
    plain = datasets.speech_features(CLIPS[0].samples)
    assert np.abs(x - shown).mean() < 0.05 < 0.2 < np.abs(plain - shown).mean()


def test_the_picture_has_time_to_the_right_and_pitch_upwards(page):
    read = """() => { const c = document.querySelector('canvas');
        return Array.from(c.getContext('2d').getImageData(0, 0, 24, 20).data).filter((_, n) => n % 4 === 0) }"""
    shades = np.array(page.evaluate(read)).reshape(20, 24)
    x = datasets.speech_features(CLIPS[0].samples).reshape(24, 20)
    right, wrong = (np.corrcoef(255 - shades.ravel(), picture.ravel())[0, 1] for picture in (x.T[::-1], x.T))
    assert right > 0.98 > wrong
