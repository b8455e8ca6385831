"""Mistakes about landscapes: what a small gradient means, how curvature is counted, and when a step is too long."""

from ...judging.verdict import Mistake

__all__ = ["DESCENT"]

# Where the book mends them.
EDGE = 'chapter 15, "The edge of stability"'
CURVED = 'chapter 15, "Curvature without the Hessian"'
SADDLE = 'chapter 15, "Which kind of point is it?"'
TRENCH = 'chapter 15, "Stuck, and yet not a minimum"'
STAIRS = 'chapter 15, "A staircase of saddles"'
SLICE = 'chapter 15, "Slices, and how they mislead"'
ROADS = 'chapter 15, "Restarts, noise, momentum, width"'

# fmt: off
CATALOGUE = (  # name, where the book mends it, words
    ("sharpness against 1/eta", EDGE,
     "You compared the sharpness with 1 / eta. A step that long lands at the bottom; only one twice as long swings as "
     "far out on the other side."),
    ("sum for mean in eta", EDGE,
     "The sharpness of the sum was used as if it were that of the mean, but every curvature of the mean is smaller by "
     "the number of examples."),
    ("divided by m twice", EDGE,
     "The number of examples is on the wrong side of the fraction: a flatter cost allows longer steps."),
    ("curvature of the loss alone", CURVED,
     "Only the slope of the neuron counts here. The sigmoid is bent itself, which adds a term with its second "
     "derivative."),
    ("curvature summed", CURVED,
     "The cost is a mean over the examples; this adds them up."),
    ("Hessian not symmetric", CURVED,
     "This Hessian would not be symmetric: the mixed derivative carries the input once, whichever of w and b you take "
     "first."),
    ("signs of the diagonal", SADDLE,
     "These are the signs of the diagonal of H. A saddle may have a positive diagonal, so ask for the eigenvalues."),
    ("rounding counted as curvature", SADDLE,
     "Eigenvalues that are zero to rounding are counted by their accidental signs."),
    ("flat counted as upward", SADDLE,
     "A flat direction is counted as one that leads up, so that a valley floor would pass for a strict minimum."),
    ("sizes of eigenvalues", SADDLE,
     "The eigenvalues have lost their signs, and with them the difference between a saddle and a minimum."),
    ("Newton uphill", SADDLE,
     "The sign is reversed: the step must cancel the gradient, so that H s + g is zero."),
    ("Newton by the diagonal", SADDLE,
     "The gradient was divided by the diagonal of H. That is Newton's step only where the weights do not interact."),
    ("H times g", SADDLE,
     "That multiplies by H. Newton's step solves an equation with H, which is a division."),
    ("a saddle taken for a minimum", TRENCH,
     "A small gradient is common to minima, saddles and long slopes. It says that the ground is level here, and "
     "nothing about the ways around."),
    ("one way down a mode", STAIRS,
     "Each missing mode can grow through any unit that is still free, so there is more than one way down for it."),
    ("used units counted", STAIRS,
     "The units that carry the learned modes are not free any more."),
    ("whole layer for a unit", SLICE,
     "All weights of the layer share one scale here. Each unit has its own."),
    ("rows for columns", SLICE,
     "The weights into a unit are a column of W; here the rows were scaled."),
    ("length of W forgotten", SLICE,
     "Every column has length 1 now. It should be as long as the column of W."),
    ("division forgotten", SLICE,
     "The direction was multiplied by the lengths of W's columns, but its own lengths were not divided out."),
    ("failures added", ROADS,
     "Independent runs multiply their chances of failing; they do not add them."),
)
# fmt: on
DESCENT = {name: Mistake(name, words, see) for name, see, words in CATALOGUE}
