"""The mistakes of chapter 16's repairs: what people leave behind in a loss, a step or a memory."""

from ...judging.verdict import Mistake

__all__ = ["CLINIC"]

SHAPE = 'chapter 16, "Patients 6 and 7: a student and a flat line"'
SIGN = 'chapter 16, "Patients 11 and 12: a framework and the kernels"'
SCALE = 'chapter 16, "Patients 13 and 14: a larger batch and white pictures"'
STEP = 'chapter 16, "What a step betrays"'

# fmt: off
CATALOGUE = (  # name, where the book mends it, words
    ("every pair", SHAPE,
     "Outputs of shape (m, 1) meet targets of shape (m,), and every output is compared with every target."),
    ("not halved", SHAPE,
     "The loss is half the square of the difference; here the half is missing."),
    ("decay not halved", SIGN,
     "The decay is lambda/2 times the sum of the squares; here the half is missing."),
    ("last layer left out", SIGN,
     "The weights of the last layer are left out."),
    ("sum of losses", SCALE,
     "The losses of the examples are added up. The mean does not grow with the batch."),
    ("mean over entries", SCALE,
     "The mean is taken over examples and outputs. It is over the examples only; the outputs are added up."),
    ("only the last layer", SIGN,
     "Only the last layer's weights count: the sum begins anew with every layer."),
    ("only the first layer", SIGN,
     "Only the first layer's weights count."),
    ("roots of sums", SIGN,
     "The root of the sum of squares is taken. The decay adds the squares themselves."),
    ("decay of a sum", SIGN,
     "The weights are added up before they are squared, so that positive and negative ones cancel."),
    ("decay negative", SIGN,
     "The decay is subtracted: large weights would be rewarded."),
    ("step backwards", STEP,
     "The sign is reversed. A step of gradient descent takes eta times the gradient away."),
    ("everything backwards", STEP,
     "The sign of the whole is reversed. A step takes eta times the gradient away, so the difference is before minus "
     "after."),
    ("decay as it should be", STEP,
     "That would be right for a healthy program. This one subtracts its decay from the gradient."),
    ("decay left in", STEP,
     "The decay's share is still in it: lambda times the weights before the step, with its sign."),
    ("decay of the weights after", STEP,
     "The decay is that of the weights after the step. It was computed from those before."),
    ("eta multiplied", STEP,
     "The difference is multiplied by eta. The step was eta times the gradient, so divide."),
    ("decay divided", STEP,
     "The decay is divided by eta once more. It is part of the gradient, which has been divided already."),
)
# fmt: on
CLINIC = {name: Mistake(name, words, see) for name, see, words in CATALOGUE}
