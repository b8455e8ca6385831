"""Let three free synthesisers say the ten digits in many voices, and write what ships: run by hand, never by a reader.

    apt-get install espeak-ng flite festival festvox-kdlpc16k    (Debian 12: 1.51, 2.2, 2.5 and 1.4)
    apt-get download asterisk-core-sounds-en-wav && dpkg -x asterisk-core-sounds-en-wav_1.6.1-1_all.deb real
    python tools/synthesise_speech.py real/usr/share/asterisk/sounds/en_US_f_Allison/digits

Writes spoken_digits.npz (the pictures of all words, in steps of 2 dB), spoken_clips.npz (the sound of a few of them,
12 bits a sample) and real_clips.npz (the digits of the folder that is named, in the same
form). With the same versions of these programs the same bytes come out.
"""

import hashlib
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from scipy.io import wavfile

from bpbook.datasets import sound

DATA = Path(__file__).resolve().parent.parent / "bpbook" / "datasets" / "data"
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
ACCENTS = ["en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-029", "en-us-nyc"]
# fmt: off
ESPEAK = [
    "adam", "Alex", "Alicia", "Andrea", "Andy", "Annie", "antonio", "aunty", "belinda", "benjamin", "boris",
    "caleb", "david", "Denis", "Diogo", "ed", "edward", "edward2", "Gene", "Gene2", "gustave", "announcer",
    "Henrique", "Hugo", "iven", "iven2", "iven3", "iven4", "Jacky", "john", "kaukovalta", "Lee", "linda",
    "marcelo", "Marco", "Mario", "max", "Michael", "michel", "miguel", "Mike", "Nguyen", "pablo", "paul",
    "pedro", "quincy", "RicishayMax", "RicishayMax2", "RicishayMax3", "rob", "robert", "steph", "steph2",
    "steph3", "Storm", "Tweaky", "zac", "anika", "AnxiousAndy", "f1", "f2", "f3", "f4", "f5", "grandpa",
    "grandma", "klatt", "klatt2", "klatt3", "klatt4", "klatt5", "klatt6", "m1", "m2", "m3", "m4", "m5", "m6",
    "m7", "m8", "norbert", "sandro", "shelby", "travis", "victor",
]
# fmt: on
TAKES = 2  # of each digit by each espeak-ng voice, each with an accent, a pitch and a speed drawn by chance
FLITE = ["awb", "rms", "slt", "kal16"]  # each built from the recordings of one person, as is festival's ked
SPEEDS, SIZES = (0.8, 0.9, 1.0, 1.15, 1.3), (0.85, 0.92, 1.0, 1.08, 1.17)  # of these: longer words, smaller heads
AUDIBLE = (("flite", "awb"), ("flite", "slt"), ("espeak-ng", "Alex"), ("espeak-ng", "f3"), ("espeak-ng", "klatt4"))


def spoken(*command, text=""):
    """Return what a synthesiser says, at 8,000 samples a second."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        command = [file.name if word == "OUT" else word for word in command]
        subprocess.run(command, input=text.encode(), check=True, capture_output=True)
        rate, samples = wavfile.read(file.name)
    return sound.resample(samples / 2**15, rate)


def espeak(voice, digit, accent, pitch, speed):
    """Return a digit said by a voice of espeak-ng: pitch 0 to 99, speed in words a minute."""
    return spoken("espeak-ng", "-v", f"{accent}+{voice}", "-p", str(pitch), "-s", str(speed), "-w", "OUT", WORDS[digit])


def resized(word, size):
    """Return a word played faster by a factor, as a smaller head would sound."""
    return sound.resample(word, sound.RATE * size)


def flite(voice, digit, speed, size):
    """Return a digit said by a voice of flite, as long as `speed` says and as high as `size` says."""
    setting = f"duration_stretch={speed * size}"
    return resized(spoken("flite", "-voice", voice, "--setf", setting, "-t", WORDS[digit], "-o", "OUT"), size)


def festival(voice, digit, speed, size):
    """Return a digit said by a voice of festival, likewise."""
    setting = f"(begin (voice_{voice}_diphone) (Parameter.set 'Duration_Stretch {speed * size}))"
    return resized(spoken("text2wave", "-o", "OUT", "-eval", setting, text=WORDS[digit]), size)


def jobs():
    """Return (program, voice, digit, function, further arguments) of all words, the draws by chance included."""
    rng = np.random.default_rng(9)
    for voice in ESPEAK:
        for take in range(TAKES):
            accent = ACCENTS[rng.integers(len(ACCENTS))] if take else "en-us"
            pitch, speed = int(rng.integers(25, 75)), int(rng.integers(120, 210))
            for digit in range(10):
                yield "espeak-ng", voice, digit, espeak, (accent, pitch, speed)
    for program, voice, say in [("flite", voice, flite) for voice in FLITE] + [("festival", "ked", festival)]:
        for size in SIZES:
            for speed in SPEEDS:
                for digit in range(10):
                    yield program, voice, digit, say, (speed, size)


def twelve_bits(samples):
    """Return a sound at full level as whole numbers from -2047 to 2047."""
    return np.rint(2047 * samples / np.abs(samples).max()).astype(np.int16)


def write(name, **arrays):
    """Write one compressed file of arrays, and print what LICENCES.md must say of it."""
    np.savez_compressed(DATA / name, **arrays)
    written = (DATA / name).read_bytes()
    print(name, len(written), "bytes, sha256", hashlib.sha256(written).hexdigest())


def write_clips(name, clips, digits, speakers):
    """Write sounds of different lengths one after the other, with where each ends."""
    ends = np.cumsum([len(clip) for clip in clips]).astype(np.int32)
    digits = np.array(digits, dtype=np.uint8)
    write(name, samples=np.concatenate(clips), ends=ends, digit=digits, speaker=np.array(speakers))


if __name__ == "__main__":
    work = list(jobs())
    with ThreadPoolExecutor(2) as threads:
        words = list(threads.map(lambda job: job[3](job[1], job[2], *job[4]), work))
    pictures = [sound.stretch(sound.log_mel(sound.trim(word))) for word in words]
    speakers = sorted({f"{program} {voice}" for program, voice, *_ in work})
    number = [speakers.index(f"{program} {voice}") for program, voice, *_ in work]
    steps = np.rint(-np.array(pictures) / 2).astype(np.uint8)  # 0, the loudest, to 30
    digit = np.array([job[2] for job in work], dtype=np.uint8)
    write("spoken_digits.npz", steps=steps, digit=digit, speaker=np.array(number, dtype=np.uint8), speakers=speakers)
    clips, said, by = [], [], []
    for program, voice in AUDIBLE:
        for d in range(10):
            plain = [w for w, j in zip(words, work, strict=True) if j[:3] == (program, voice, d)]
            clips.append(twelve_bits(sound.trim(plain[12 if program == "flite" else 0], quiet=35)))
            said.append(d)
            by.append(f"{program} {voice}")
    write_clips("spoken_clips.npz", clips, said, by)
    real = [wavfile.read(Path(sys.argv[1]) / f"{d}.wav") for d in range(10)]
    if any(rate != sound.RATE for rate, _ in real):
        raise ValueError("the real recordings must have 8,000 samples a second.")
    write_clips(
        "real_clips.npz", [twelve_bits(samples / 2**15) for _, samples in real], range(10), ["Allison Smith"] * 10
    )
