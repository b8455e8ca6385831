"""Mistakes of deep networks: about factors, weights at birth, clipping, shortcuts and normalisation."""

from ...judging.verdict import Mistake

__all__ = ["DEPTH"]

# Where the book mends them.
PRODUCT = 'chapter 13, "One factor a layer"'
BIRTH = 'chapter 13, "The right size at birth"'
HE = 'chapter 13, "Half of the units are silent: He"'
BREAK = 'chapter 13, "Break it on purpose"'
EXPLOSION = 'chapter 13, "An explosion, and where it surfaces"'
SHORTCUT = 'chapter 13, "`h +`: a 1 in every factor"'
NORM = 'chapter 13, "Normalise"'

# fmt: off
CATALOGUE = (  # name, where the book mends it, words
    ("slope at a", PRODUCT,
     "The slope is taken at a, as if a went through the activation once more. The slope belongs to z."),
    ("weights missing", PRODUCT,
     "These are the slopes alone. Each factor on the way back is a weight times a slope."),
    ("slopes missing", PRODUCT,
     "These are the weights alone. Each factor on the way back is a weight times a slope."),
    ("ceiling for slope", PRODUCT,
     "Every slope is taken as large as it can be. Here the activations are known, so the slopes are too."),
    ("variance for size", BIRTH,
     "That is the factor of the mean square. The size is its root."),
    ("size of one weight", BIRTH,
     "The number of units is missing: each z adds up one term for every unit that feeds it."),
    ("root of n missing", BIRTH,
     "Variances add up, not standard deviations: n independent terms make a sum that is larger by the root of n."),
    ("fan-out for fan-in", BIRTH,
     "You counted the units that the weights lead to. A unit adds up over those that the weights come from."),
    ("both fans", BIRTH,
     "That is the compromise of Glorot and Bengio. The start of He keeps the signal forward and counts one side only."),
    ("variance for sd", BREAK,
     "The variance stands where the standard deviation belongs: a root is missing."),
    ("silent half forgotten", HE,
     "This keeps the size through a linear layer. Units that are switched off have no share in the next sum."),
    ("clipped by value", EXPLOSION,
     "Every entry is cut by itself, which changes the direction. That is clipping by value."),
    ("clipped apart", EXPLOSION,
     "Each array is shortened by its own norm. There is one norm, that of all parameters together."),
    ("shortcut forgotten", SHORTCUT,
     "The shortcut is missing: what arrives at the plus sign also goes straight to h."),
    ("shortcut through the weights", SHORTCUT,
     "The shortcut is sent through the weights as well. It goes past them, unchanged."),
    ("norm over the units", NORM,
     "The means run over the units of each example, as in layer normalisation. Here every unit has a mean of its own."),
    ("norm over everything", NORM,
     "One mean and one spread are taken for all units. Each unit has its own."),
    ("normalised by itself", NORM,
     "The new examples are normalised by themselves. A single one would always become zero."),
)
# fmt: on
DEPTH = {name: Mistake(name, words, see) for name, see, words in CATALOGUE}
