"""A folder of recordings: what can be read is read alike, what cannot is named, and nothing is lost."""

import wave

import numpy as np
import pytest
from scipy.io import wavfile

from bpbook import datasets


def word(seed=0, rate=8000, seconds=0.5):
    """Return a made-up word: three notes that rise and fall, different for every seed."""
    t = np.arange(int(rate * seconds)) / rate
    rng = np.random.default_rng(seed)
    notes = sum(
        np.sin(2 * np.pi * f * t) * np.sin(np.pi * t / seconds) ** k for k, f in enumerate(rng.uniform(200, 3000, 3))
    )
    return 0.2 * notes


def write(path, samples, rate=8000, dtype=np.int16):
    if np.issubdtype(dtype, np.integer):
        samples = samples * 127 + 128 if dtype == np.uint8 else samples * np.iinfo(dtype).max
    wavfile.write(path, rate, np.asarray(samples).astype(dtype))


@pytest.fixture
def folder(tmp_path):
    for digit in range(3):
        write(tmp_path / f"{digit}_ada_0.wav", word(digit))
    return tmp_path


def test_a_folder_gives_features_digits_and_speakers(folder):
    write(folder / "7_mary_ann_12.wav", word(7))
    x, y, speaker, files, left_out = datasets.speech_folder(folder)
    assert x.shape == (4, 480) and y.tolist() == [0, 1, 2, 7] and left_out == {}
    assert speaker.tolist() == ["ada"] * 3 + ["mary_ann"] and files[-1] == "7_mary_ann_12.wav"
    np.testing.assert_allclose(x[3], datasets.speech_features(word(7)), atol=0.02)


@pytest.mark.parametrize(
    "twin",
    [
        lambda path: write(path, word(1, rate=44100), rate=44100),
        lambda path: write(path, word(1, rate=16000), rate=16000),
        lambda path: write(path, np.stack([word(1), word(1)], axis=1)),
        lambda path: write(path, word(1), dtype=np.int32),
        lambda path: write(path, word(1), dtype=np.float32),
        lambda path: write(path, 0.05 * word(1)),
        lambda path: write(path, word(1) + 0.1),
        lambda path: write(path, np.concatenate([np.zeros(9000), word(1), np.zeros(3000)])),
    ],
    ids=["44.1 kHz", "16 kHz", "stereo", "32 bits", "floats", "20 times softer", "off centre", "silence around it"],
)
def test_another_form_of_the_same_sound_is_read_alike(tmp_path, twin):
    twin(tmp_path / "1_ada_0.wav")
    x = datasets.speech_folder(tmp_path).x
    same, other = datasets.speech_features(word(1)), datasets.speech_features(word(2))
    assert np.abs(x[0] - same).mean() < 0.25 * np.abs(other - same).mean()


def test_8_bits_are_read_around_their_middle(tmp_path):
    write(tmp_path / "1_ada_0.wav", word(1), dtype=np.uint8)
    samples, rate = datasets.read_wav(tmp_path / "1_ada_0.wav")
    assert rate == 8000
    np.testing.assert_allclose(samples, word(1), atol=0.02)


def test_24_bits_are_read(tmp_path):
    with wave.open(str(tmp_path / "1_ada_0.wav"), "wb") as file:
        file.setparams((1, 3, 8000, 0, "NONE", ""))
        values = (word(1) * (2**23 - 1)).astype("<i4")
        file.writeframes(b"".join(int(v).to_bytes(3, "little", signed=True) for v in values))
    np.testing.assert_allclose(datasets.read_wav(tmp_path / "1_ada_0.wav")[0], word(1), atol=1e-5)


def cut_short(path):
    write(path, word(1))
    path.write_bytes(path.read_bytes()[:3000])


def never_ended(path):
    write(path, word(1))
    whole = path.read_bytes()
    path.write_bytes(whole[:4] + bytes(4) + whole[8:40] + bytes(4) + whole[44:])


BROKEN = {
    "empty": (lambda path: path.write_bytes(b""), r"the file is empty \(0 bytes\)\. Record it again\."),
    "another format": (
        lambda path: path.write_bytes(b"ID3\x03" * 99),
        r"it is no WAV file: it starts with b'ID3\\x03'\.",
    ),
    "cut short": (cut_short, r"it is cut short: 3000 bytes of the 8044 announced\. Copy it again\."),
    "only a header": (
        lambda path: path.write_bytes(b"RIFF\x04\0\0\0WAVE"),
        r"it cannot be read as WAV \(a part is m.*Exp",
    ),
    "a length that was never filled in": (never_ended, r"it cannot be read as WAV \(a part is missing, .*\)\. Export"),
    "no samples": (lambda path: write(path, np.zeros(0)), r"it holds no samples\. Record it again\."),
    "silent": (lambda path: write(path, np.full(4000, 1e-4)), r"it is silent\. Check the microphone"),
    "nan": (lambda path: write(path, word() * np.nan, dtype=np.float32), r"it holds nan or inf\."),
    "too slow": (lambda path: write(path, word(), rate=4000), r"its rate is 4000 samples a second, too few"),
    "a click": (lambda path: write(path, np.eye(1, 4000, 9)[0]), r"it lasts 0\.01 s without the silence"),
    "a sentence": (lambda path: write(path, word(seconds=5)), r"it lasts 5\.00 s without .* Cut the recording"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_named_and_costs_no_other(folder, kind):
    make, reason = BROKEN[kind]
    make(folder / "4_bob_0.wav")
    with pytest.warns(UserWarning, match=rf"^1 of 4 files were left out\. 4_bob_0\.wav: {reason}"):
        found = datasets.speech_folder(folder)
    assert found.y.tolist() == [0, 1, 2]
    assert list(found.left_out) == ["4_bob_0.wav"]
    assert found.left_out["4_bob_0.wav"] in repr(found)
    assert repr(found).startswith("3 recordings of 1 speaker (ada)")


@pytest.mark.parametrize("kind", BROKEN)
def test_a_folder_with_nothing_but_a_broken_file_is_an_error(tmp_path, kind):
    make, reason = BROKEN[kind]
    make(tmp_path / "4_bob_0.wav")
    with pytest.raises(ValueError, match=rf"^path must hold a recording that can be used; .* 4_bob_0\.wav: {reason}"):
        datasets.speech_folder(tmp_path)


@pytest.mark.parametrize("name", ["ada_7_0.wav", "7_ada.wav", "12_ada_0.wav", "seven_ada_0.wav", "7__.wav"])
def test_a_mislabelled_file_is_named(folder, name):
    write(folder / name, word(7))
    with pytest.warns(UserWarning, match=r"its name must be digit_speaker_index\.wav, as in 7_ada_0\.wav\. Rename it"):
        assert list(datasets.speech_folder(folder).left_out) == [name]


def test_other_files_and_folders_are_named_and_hidden_ones_are_not(folder):
    (folder / "notes.txt").write_text("read me")
    (folder / ".hidden").write_text("nothing")
    (folder / "more").mkdir()
    with pytest.warns(
        UserWarning, match=r"2 of 5 files were left out\. more: it is a folder\. .*\. notes\.txt: it is no"
    ):
        assert set(datasets.speech_folder(folder).left_out) == {"notes.txt", "more"}


def test_a_warning_names_three_files_and_counts_the_others(folder):
    for digit in range(5):
        (folder / f"{digit}_bob_0.wav").write_bytes(b"")
    with pytest.warns(UserWarning, match=r"^5 of 8 files .* 0_bob_0\.wav: .* 2_bob_0\.wav: .* And 2 more\.$"):
        assert len(datasets.speech_folder(folder).left_out) == 5


def test_a_name_that_two_computers_write_differently_is_one_speaker(folder):
    for k, name in enumerate(["Ren\u00e9", "Rene\u0301"]):
        write(folder / f"3_{name}_{k}.wav", word(3))
    assert sorted(set(datasets.speech_folder(folder).speaker)) == ["Ren\u00e9", "ada"]


def test_a_length_that_a_pipe_could_not_know_is_no_fault(folder):
    path = folder / "0_ada_0.wav"
    contents = bytearray(path.read_bytes())
    contents[4:8] = (0x7FFFF024).to_bytes(4, "little")
    contents[40:44] = (0x7FFFF000).to_bytes(4, "little")
    path.write_bytes(contents)
    assert datasets.speech_folder(folder).y.tolist() == [0, 1, 2]


def test_a_wrong_path_gets_one_line(tmp_path):
    with pytest.raises(ValueError, match=r"^path must be a folder that exists; got .*nowhere, in .*Check its spelling"):
        datasets.speech_folder(tmp_path / "nowhere")
    with pytest.raises(ValueError, match=r"^path must be a folder with \.wav files; .* has none\. Name them digit_"):
        datasets.speech_folder(tmp_path)
    with pytest.raises(TypeError, match=r"^path must be the name of a folder; got None"):
        datasets.speech_folder(None)
    (tmp_path / "recordings").mkdir()
    write(tmp_path / "recordings" / "0_ada_0.wav", word())
    with pytest.raises(ValueError, match=r"has none\. Pass '.*recordings'\.$"):
        datasets.speech_folder(tmp_path)
    with pytest.raises(
        ValueError, match=r"^path must be a folder; got the file .*0_ada_0\.wav\. Pass '.*recordings'\.$"
    ):
        datasets.speech_folder(tmp_path / "recordings" / "0_ada_0.wav")
    with pytest.raises(ValueError, match=r"^path must be a file that can be read; got .*: No such file"):
        datasets.read_wav(tmp_path / "nowhere.wav")
