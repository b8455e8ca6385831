"""The bug library: mistakes that people make in a backward pass, each with its words.

This is the catalogue. What each mistake does to a pass stands in `slips.py`, a line for each of its forms, and
`passes.py` is the pass that it does it to. `network.py` makes wrong twins of whole passes out of it, `equations.py`
of one equation at a time, and `pairs.py` looks for two mistakes at once.
"""

from ..judging.trial import CONDUCT
from ..judging.verdict import Mistake

__all__ = ["BUGS"]

# Where the book mends them.
FF = 'chapter 04, "Forward, with indices"'
BP1 = 'chapter 04, "(BP1): delta at the output"'
BP2 = 'chapter 04, "(BP2): from layer to layer"'
WEIGHTS = 'chapter 04, "(BP3) and (BP4): from delta to the weights"'
TRANSPOSES = 'chapter 04, "From indices to matrices, and why the transposes"'
BATCH = 'chapter 04, "The whole batch at once"'
MEAN = 'chapter 04, "Sum or mean, and which delta is stored"'
DECAY = 'chapter 04, "Weight decay"'
SOFTMAX = 'chapter 04, "Many classes: softmax with cross-entropy"'
LOGITS = 'chapter 04, "Why the loss takes logits"'
CHECK = 'chapter 05, "Ask the loss itself"'

# fmt: off
CATALOGUE = (  # name, where the book mends it, words
    # the bias gradient
    ("db mean", MEAN,
     "The bias gradient is averaged over the examples, but delta already carries the 1/m of the mean loss, so the rows "
     "must be added."),
    ("db one sum", BATCH,
     "Here all of delta is added up to one number. Every unit has a bias of its own, so add over the examples only."),
    ("db wrong axis", BATCH,
     "Here delta is added up over the units, which leaves one number for each example. Add over the examples "
     "instead, which are the rows."),
    ("db not summed", BATCH,
     "The bias gradient still has one row for each example. They all share the bias, so add their rows up."),
    ("db zero", WEIGHTS,
     "The bias gradient is zero, so the biases would never learn. A bias shifts z directly, so its share is delta."),
    ("db one example", BATCH,
     "The bias gradient holds only one example's delta, but the others have a share too."),
    ("db not averaged", MEAN,
     "dW is averaged over the batch and db is not, although the 1/m of the loss belongs to both. If delta carries "
     "it from the start, neither can lose it."),
    ("one example", BATCH,
     "Every gradient holds only one example's share. Perhaps a loop overwrites where it should add up."),
    # means and factors
    ("not averaged", MEAN,
     "The loss is a mean over the examples, and its 1/m is missing from the gradient."),
    ("averaged twice", MEAN,
     "The batch size is divided out more than once. The 1/m of the mean loss enters at the output and travels "
     "back with delta, so no later line needs it."),
    ("average undone", MEAN,
     "The hidden delta is multiplied by the batch size on its way back, which undoes the mean. The 1/m that enters at "
     "the output belongs to every layer."),
    ("dW averaged twice", MEAN,
     "The weight gradient is divided by the batch size although delta already was."),
    ("dW not averaged", MEAN,
     "db is averaged over the batch and dW is not: the 1/m of the loss belongs to both."),
    ("averaged over m - 1", MEAN,
     "The divisor is m - 1, as for a sample's variance. This mean is over m examples."),
    ("loss for derivative", BP1,
     "The loss itself, half a square, is used where its derivative with respect to a belongs."),
    ("z compared", BP1,
     "You compare the target with z. It is the output a, the activation of z, that is compared with it."),
    ("absolute value", BP1,
     "The sign of output minus target is lost. Delta must be able to say up and down."),
    ("factor two", BP1,
     "There is a factor of 2, or of 1/2, too many. This loss is one half of the square, and the half cancels the "
     "2 of the derivative."),
    ("averaged over units", MEAN,
     "The loss is averaged over the examples but summed over the output units. Here it is divided by the number "
     "of output units as well."),
    ("sign", BP1,
     "Everything points the other way. The derivative of the loss is output minus target, no slope here is "
     "negative, and the minus of descent comes later, in the update."),
    ("sign of delta", WEIGHTS,
     "Everything points the other way. Delta comes with its sign and nothing here changes it, because the minus "
     "of descent comes later, in the update."),
    # the derivative of the activation
    ("no output derivative", BP1,
     "The derivative of the output activation is missing. Delta is dC/dz, and z comes before the activation."),
    ("no hidden derivative", BP2,
     "The derivative of the hidden activation is missing. What comes back through the weights is dC/da, but delta "
     "is dC/dz."),
    ("no derivative at all", BP2,
     "No activation is differentiated. What comes back is dC/da everywhere, but delta is dC/dz."),
    ("derivative at a", BP2,
     "The derivative of the activation is taken at a. It is a function of z, the value before the activation."),
    ("formula in a fed z", BP2,
     "A formula that expects a, such as a(1 - a) for the sigmoid or 1 - a² for tanh, is given z."),
    ("activation for derivative", BP2,
     "The activation itself is used where its derivative belongs."),
    ("another derivative", BP2,
     "This is the derivative of a different activation from the one that the network uses."),
    ("derivative misremembered", BP2,
     "This resembles the derivative of the activation, but it is a different function. Compare it with a nudge at "
     "z = 0 and at z = 1."),
    ("gate open", BP2,
     "The gate of the ReLU is read from a with `>=`. A ReLU's output is never negative, so such a gate is always "
     "open, but it should be open only where z is positive."),
    ("z overwritten", FF,
     "The stored z was overwritten by the activation, in place, so the backward pass finds a where it needs z."),
    ("one derivative for all layers", BP2,
     "The derivative of one layer's activation is used in every hidden layer. Each layer has its own."),
    ("derivative of next layer", BP2,
     "The derivative of the activation is taken in the next layer. Delta of layer l needs the derivative in layer "
     "l itself."),
    # sending delta back
    ("output delta in hidden layer", BP2,
     "The delta of the next layer is used as it is. It must pass through the weights between the two layers first."),
    ("error sent back", BP2,
     "What is sent back is the error at the output, not its delta, so the derivative of the output activation is "
     "lost on the way to the hidden layers."),
    ("star for at", TRANSPOSES,
     "`*` multiplies entry by entry. Where a sum runs over units or examples, you need a matrix product."),
    ("W not transposed", TRANSPOSES,
     "Delta goes back through W as if it went forward. On the way back, the sum runs over the units that W leads to. "
     "With equal widths the shapes hide it."),
    ("dW transposed", TRANSPOSES,
     "The weight gradient is transposed. The rows of W belong to the units it comes from, and its columns to "
     "those it leads to."),
    ("dW for W", BP2,
     "Delta is sent back through the gradient dW. It must go through the weights W themselves."),
    ("updated too early", BP2,
     "The weights are updated before delta is sent back through them. All gradients belong to the old weights."),
    ("one layer off", BP2,
     "An index is one layer off, so W, z or a of a neighbouring layer is used."),
    ("weights left out", BP2,
     "Every entry of what is sent back is the same sum of delta, because the weights are left out."),
    # the weight gradient
    ("z for a", WEIGHTS,
     "The weight gradient is formed with z of the layer before. What the weight multiplies is that layer's a."),
    ("x for a", WEIGHTS,
     "The weight gradient of every layer is formed with the input x. What the weight multiplies is a of the layer "
     "before."),
    ("dW one example", BATCH,
     "The weight gradient holds only one example's share, but all of them count."),
    ("outer of all", BATCH,
     "`outer` flattens both arrays, so it makes a row for every entry of a, which suits a single example. For a batch, "
     "let a matrix product add over the examples."),
    ("dW of sums", BATCH,
     "The examples are added up before the product. Form the product for each example, and then add."),
    # weight decay
    ("decay missing", DECAY,
     "The weight decay's share is missing from dW, although the loss contains lambda/2 times W²."),
    ("decay twice", DECAY,
     "The weight decay counts twice, but the derivative of lambda/2 times W² is lambda W."),
    ("decay halved", DECAY,
     "The weight decay counts half, but the derivative of lambda/2 times W² is lambda W."),
    ("decay averaged", DECAY,
     "The weight decay is divided by the batch size, but it does not depend on the examples."),
    ("decay sign", DECAY,
     "The weight decay has the wrong sign. The loss grows with W², so lambda W is added."),
    ("decay without W", DECAY,
     "Lambda alone is added. The share of each weight is lambda times that weight."),
    ("decay once per example", DECAY,
     "The weight decay is added once for every example. It belongs to the loss as a whole."),
    ("decay by sign", DECAY,
     "Lambda times the sign of W is the derivative of a sum of absolute values. Here the loss contains squares."),
    ("decay as loss", DECAY,
     "The weight decay's share of the loss is added to dW, the same number everywhere, but each weight needs its "
     "own derivative."),
    ("biases decayed", DECAY,
     "The biases are decayed too. Weight decay is for weights only."),
    ("decay squared", DECAY,
     "The weights are squared in dW. The square belongs in the loss, not in its derivative."),
    # softmax with cross-entropy
    ("no shift", LOGITS,
     "The exponentials overflow for large logits. Subtracting the largest logit of each row first changes no "
     "probability."),
    ("one shift for all", LOGITS,
     "One maximum is subtracted from the whole batch. A row far below it underflows to 0/0, so each row needs a "
     "maximum of its own."),
    ("shift by size", LOGITS,
     "The number subtracted from a row is its largest in size, without its sign. Where all logits are far below zero, "
     "that pushes them further down, and all exponentials vanish. Subtract the largest logit itself."),
    ("softmax over columns", SOFTMAX,
     "The softmax is taken over the examples, so that the columns sum to 1. Each example, which is a row, has its "
     "own probabilities."),
    ("softmax over all", SOFTMAX,
     "The softmax is taken over the whole batch at once. Each row must sum to 1."),
    ("logits for probabilities", SOFTMAX,
     "The target is subtracted from the logits. Softmax comes first."),
    ("target not subtracted", SOFTMAX,
     "These are the probabilities, from which the target has not been subtracted."),
    ("softmax differentiated again", SOFTMAX,
     "Here you multiply by p(1 - p), but the derivative of the softmax is already inside p - y, which is why the "
     "formula is so short."),
    ("not normalised", SOFTMAX,
     "The exponentials are not divided by their sum, so the rows of p do not add up to 1."),
    ("sums without their axis", SOFTMAX,
     "The sums of the rows have lost their second axis, so that NumPy divides column by column where it can."),
    ("only the right class", SOFTMAX,
     "Only the entry of the right class is there. The other classes got some probability too, and must lose it."),
    ("target added", SOFTMAX,
     "The target is added to p. Subtract what should have been said from what was said."),
    ("whole rows lowered", SOFTMAX,
     "The target is subtracted from whole rows or columns of p. In each row, only the entry of its own class changes."),
    ("derivative by p", SOFTMAX,
     "This is dC/dp. Delta is dC/dz, and the softmax is between the two."),
    ("class numbers for rows", SOFTMAX,
     "y holds class numbers, not rows of zeros and ones, so `p - y` cannot be what you want. In each row, subtract 1 "
     "from the entry of that row's class."),
    ("sigmoid for softmax", SOFTMAX,
     "Each logit goes through a sigmoid. A softmax makes them compete."),
    # the forward pass
    ("no bias", FF,
     "The bias is left out on the way forward."),
    ("another activation", FF,
     "A different activation is used, forward and back, from the one that was asked for."),
    ("bias subtracted", FF, "The bias is subtracted on the way forward, where it should be added."),
    ("no hidden activation", FF,
     "The hidden activation is left out on the way forward."),
    ("no output activation", FF,
     "The output activation is left out on the way forward."),
    # the rest
    ("finite differences", CHECK,
     "These numbers come from nudges of the loss, which are close to the derivative but not equal to it. Derive "
     "them with the chain rule, and keep nudges for checking."),
    ("integers", WEIGHTS,
     "The fractions are cut off. Perhaps the numbers are kept in an array of integers somewhere, or divided with "
     "`//`."),
    ("squared error's delta", LOGITS,
     "Here you multiply by the derivative of the sigmoid, but with cross-entropy it has cancelled."),
    ("dropout scale missing", BP2,
     "The mask is applied on the way back, but its scale is not. Both multiplied a, so both multiply what comes back."),
    ("dropout scale twice", BP2,
     "On the way back you multiply by the scale of the dropout twice."),
    ("dropout scale divided", BP2,
     "What comes back is divided by the scale. It multiplied a on the way forward, so it multiplies on the way back."),
    ("derivative of masked a", BP2,
     "The derivative is taken from a after mask and scale, but it belongs to the activation before them."),
    ("dropout mask missing", BP2,
     "The mask is not applied on the way back, so silenced units get a share of the blame."),
    ("mask on the wrong delta", BP2,
     "The mask is multiplied into the delta of the next layer. It belongs to the layer whose units it silenced."),
)
# fmt: on
BUGS = CONDUCT | {name: Mistake(name, words, see) for name, see, words in CATALOGUE}
"""Every mistake by its name."""

ROWS = {
    1: "db mean", 2: "db one sum", 3: "db wrong axis", 4: "db not summed", 5: "db zero", 6: "not averaged",
    7: "averaged twice", 8: "factor two", 9: "averaged over units", 10: "no output derivative",
    11: "no hidden derivative", 12: "derivative at a", 13: "formula in a fed z", 14: "output delta in hidden layer",
    15: "error sent back", 16: "star for at", 17: "dW transposed", 18: "dW for W", 19: "updated too early",
    20: "no shift", 21: "one shift for all", 22: "z overwritten", 23: "another derivative", 24: "biases decayed",
    25: "decay missing", 26: "one layer off", 27: "not reset", 28: "integers", 29: "sign", 30: "softmax over columns",
    31: "logits for probabilities", 32: "z for a", 33: "gate open", 34: "dropout scale missing",
    35: "mask on the wrong delta",
}  # fmt: skip
"""The thirty-five mistakes that the book promises to know, by number."""
