"""Mistakes of speech recognition: about pictures of sounds, noise, and who may be on which side of a split."""

from ...judging.verdict import Mistake

__all__ = ["SPEECH"]

# Where the book mends them.
PICTURE = 'chapter 09, "From a sound to a picture"'
SPREAD = 'chapter 09, "A spread that means people"'
GUARD = 'chapter 09, "A guard, and a guard that is broken on purpose"'
NOISE = 'chapter 09, "In a noisy room"'

# fmt: off
CATALOGUE = (  # name, where the book mends it, words
    ("mel in hertz", PICTURE,
     "The corners are equally far apart in hertz. They must be equally far apart in mel, and are then turned back."),
    ("mel not undone", PICTURE,
     "These corners are in mel. A filter works on frequencies, so turn them back into hertz."),
    ("no logarithm", PICTURE,
     "The logarithm is missing, so everything but the loudest vowel comes out as almost nothing."),
    ("amplitude for power", PICTURE,
     "A factor of 20 belongs to amplitudes. A power is a square already, so it takes 10."),
    ("natural logarithm", PICTURE,
     "Decibels are made with the logarithm to base ten, and this one is to base e."),
    ("level left in", PICTURE,
     "Nothing is divided by the largest power, so a louder recording gives other numbers."),
    ("each frame to itself", PICTURE,
     "Each frame is compared with its own loudest band, so that silence looks as loud as a vowel."),
    ("no floor", PICTURE,
     "The floor is missing: silence is minus infinity, or nearly."),
    ("standardised over the recordings", PICTURE,
     "The mean and the spread are taken over all recordings, so each depends on the others, those of the test too."),
    ("same speaker on both sides", GUARD,
     "Somebody is on both sides: the network meets in the test people it has learned from."),
    ("sides exchanged", GUARD,
     "The two sides are exchanged: the people who are held out are those to learn from here."),
    ("test in training", GUARD,
     "The recordings of the test are still among those to learn from."),
    ("mean over recordings", SPREAD,
     "Every recording counts the same here, so people with many recordings count more than people with few."),
    ("best for worst", SPREAD,
     "That is the person who is understood best. Who is understood worst?"),
    ("noise at the wrong end", NOISE,
     "The softer the hiss, the more decibels it is below the word. Here it gets fewer, so the ratio is upside down."),
    ("power for amplitude", NOISE,
     "Samples are amplitudes, and their square is the power. A factor of 10 in amplitude is one of 100 in power."),
    ("noise left in the word", NOISE,
     "The hiss goes on under the word, so what you measured there is the power of both."),
)
# fmt: on
SPEECH = {name: Mistake(name, words, see) for name, see, words in CATALOGUE}
