"""The bug library: mistakes that people make in a backward pass, each with its words.

This is the catalogue. What each mistake does to the numbers stands in `bugs_network.py`, for a whole backward pass, and
in `bugs_equations.py`, for one equation at a time.
"""

from .verdict import Mistake

__all__ = ["BUGS"]

SIGMOID, BP1, BP2 = "chapter 03, (SIG)", "chapter 04, (BP1)", "chapter 04, (BP2)"
BP3, BP4, SCE, FF = "chapter 04, (BP3)", "chapter 04, (BP4)", "chapter 04, (SCE)", "chapter 04, (FF)"

CATALOGUE = (
    # the bias gradient
    Mistake(
        "db mean",
        "The bias gradient is averaged over the examples, but delta already carries the 1/m of the mean loss, so the "
        "rows must be added.",
        BP3,
    ),
    Mistake(
        "db one sum",
        "The bias gradient adds up all of delta to one number. Every unit has a bias of its own: add over the examples "
        "only.",
        BP3,
    ),
    Mistake(
        "db wrong axis",
        "The bias gradient adds over the units, which leaves one number for each example. The sum runs over the "
        "examples, which are the rows.",
        BP3,
    ),
    Mistake(
        "db not summed",
        "The bias gradient still has one row for each example. All examples share the bias, so their shares add up.",
        BP3,
    ),
    Mistake(
        "db zero",
        "The bias gradient is zero, so the biases would never learn. A bias shifts z directly: its share is delta.",
        BP3,
    ),
    Mistake("db one example", "The bias gradient holds one example's delta only; the others have a share too.", BP3),
    Mistake(
        "db not averaged",
        "dW is averaged over the batch and db is not: the 1/m of the loss belongs to both. If delta carries it from "
        "the start, neither can lose it.",
        BP3,
    ),
    # means and factors
    Mistake(
        "not averaged",
        "The loss is a mean over the examples, and its 1/m is missing from the gradient.",
        BP1,
    ),
    Mistake(
        "averaged twice",
        "The batch size is divided out more than once. The 1/m of the mean loss enters at the output and travels back "
        "with delta; no later line needs it.",
        BP1,
    ),
    Mistake(
        "dW averaged twice",
        "The weight gradient is divided by the batch size although delta already was.",
        BP4,
    ),
    Mistake(
        "dW not averaged",
        "db is averaged over the batch and dW is not: the 1/m of the loss belongs to both.",
        BP4,
    ),
    Mistake(
        "factor two",
        "There is a factor of 2, or of 1/2, too many: this loss is one half of the square, and the half cancels the 2 "
        "of the derivative.",
        BP1,
    ),
    Mistake(
        "averaged over units",
        "The loss is averaged over the examples and summed over the output units; here it is divided by the number of "
        "output units as well.",
        BP1,
    ),
    Mistake(
        "sign",
        "The sign is turned round. The derivative of the loss is output minus target; the minus of descent comes "
        "later, in the update.",
        BP1,
    ),
    # the derivative of the activation
    Mistake(
        "no output derivative",
        "The derivative of the output activation is missing: delta is dC/dz, and z comes before the activation.",
        BP1,
    ),
    Mistake(
        "no hidden derivative",
        "The derivative of the hidden activation is missing: what comes back through the weights is dC/da, and delta "
        "is dC/dz.",
        BP2,
    ),
    Mistake(
        "no derivative at all",
        "No activation is differentiated: what comes back is dC/da everywhere, and delta is dC/dz.",
        BP2,
    ),
    Mistake(
        "derivative at a",
        "The derivative of the activation is taken at a. It is a function of z, the value before the activation.",
        BP2,
    ),
    Mistake(
        "formula in a fed z",
        "A formula that expects a, as a(1 - a) for the sigmoid or 1 - a² for tanh, is given z.",
        BP2,
    ),
    Mistake(
        "activation for derivative",
        "The activation itself stands where its derivative belongs.",
        BP2,
    ),
    Mistake(
        "another derivative",
        "This is the derivative of another activation than the one that the network uses.",
        BP2,
    ),
    Mistake(
        "gate open",
        "The gate of the ReLU is read from a with `>=`. A ReLU's output is never negative, so such a gate is always "
        "open; it is 1 only where z is positive.",
        BP2,
    ),
    Mistake(
        "z overwritten",
        "The stored z was overwritten by the activation, in place; the backward pass then finds a where it needs z.",
        FF,
    ),
    Mistake(
        "derivative of next layer",
        "The derivative of the activation is taken in the layer above. Delta of layer l needs that of layer l itself.",
        BP2,
    ),
    # sending delta back
    Mistake(
        "output delta in hidden layer",
        "The delta of the layer above is used as it is. It must pass through the weights between the two layers first.",
        BP2,
    ),
    Mistake(
        "error sent back",
        "What is sent back is the error at the output, not its delta: the derivative of the output activation is lost "
        "on the way to the hidden layers.",
        BP2,
    ),
    Mistake(
        "star for at",
        "`*` multiplies entry by entry. Where a sum runs over units or examples, a matrix product is needed.",
        BP4,
    ),
    Mistake(
        "W not transposed",
        "Delta goes back through W as if it went forward. On the way back, the sum runs over the units that W leads "
        "to. With equal widths the shapes hide it.",
        BP2,
    ),
    Mistake(
        "dW transposed",
        "The weight gradient is transposed: rows of W belong to the units it comes from, columns to those it leads to.",
        BP4,
    ),
    Mistake(
        "dW for W",
        "Delta is sent back through the gradient dW. It must go through the weights W themselves.",
        BP2,
    ),
    Mistake(
        "updated too early",
        "The weights are updated before delta is sent back through them. All gradients belong to the old weights.",
        BP2,
    ),
    Mistake(
        "one layer off",
        "An index is one layer off: W, z or a of a neighbouring layer is used.",
        BP2,
    ),
    Mistake(
        "weights left out", "Every entry of what is sent back is the same sum of delta: the weights are left out.", BP2
    ),
    # the weight gradient
    Mistake(
        "z for a",
        "The weight gradient is formed with z of the layer below. What the weight multiplies is that layer's a.",
        BP4,
    ),
    Mistake(
        "x for a",
        "The weight gradient of every layer is formed with the input x. What the weight multiplies is a of the layer "
        "below.",
        BP4,
    ),
    Mistake("dW one example", "The weight gradient holds one example's share only; all of them count.", BP4),
    Mistake(
        "dW of sums",
        "The examples are added up before the product. The product is formed for each example, and then added.",
        BP4,
    ),
    # weight decay
    Mistake("decay missing", "The weight decay's share is missing from dW: the loss holds lambda/2 times W².", BP4),
    Mistake("decay twice", "The weight decay counts twice: the derivative of lambda/2 times W² is lambda W.", BP4),
    Mistake("decay halved", "The weight decay counts half: the derivative of lambda/2 times W² is lambda W.", BP4),
    Mistake(
        "decay averaged", "The weight decay is divided by the batch size, but it does not depend on the examples.", BP4
    ),
    Mistake("decay sign", "The weight decay has the wrong sign: the loss grows with W², so lambda W is added.", BP4),
    Mistake("decay without W", "Lambda alone is added. The share of each weight is lambda times that weight.", BP4),
    Mistake("biases decayed", "The biases are decayed too. Weight decay is for weights only.", BP4),
    Mistake("decay squared", "The weights are squared in dW. The square is in the loss; its derivative is not.", BP4),
    # softmax with cross-entropy
    Mistake(
        "no shift",
        "The exponentials overflow for large logits. Subtracting the largest logit of each row first changes no "
        "probability.",
        SCE,
    ),
    Mistake(
        "one shift for all",
        "One maximum is subtracted from the whole batch. A row far below it underflows to 0/0; each row needs its own.",
        SCE,
    ),
    Mistake(
        "softmax over columns",
        "The softmax is taken over the examples: the columns sum to 1. Each example, a row, has its own probabilities.",
        SCE,
    ),
    Mistake("softmax over all", "The softmax is taken over the whole batch at once. Each row must sum to 1.", SCE),
    Mistake("logits for probabilities", "The target is subtracted from the logits. Softmax comes first.", SCE),
    Mistake("target not subtracted", "These are the probabilities; the target is not subtracted.", SCE),
    Mistake(
        "softmax differentiated again",
        "p(1 - p) is multiplied in. The derivative of the softmax is already inside p - y: that is why the formula is "
        "so short.",
        SCE,
    ),
    Mistake("sigmoid for softmax", "Each logit goes through a sigmoid. A softmax makes them compete.", SCE),
    # the forward pass
    Mistake("no bias", "The bias is left out on the way forward.", FF),
    Mistake("another activation", "Another activation is used than the one that was asked for, forward and back.", FF),
    Mistake("no hidden activation", "The hidden activation is left out on the way forward.", FF),
    Mistake("no output activation", "The output activation is left out on the way forward.", FF),
    # the rest
    Mistake(
        "not reset",
        "Called twice with the same arguments, your function gives twice as much the second time: something is added "
        "up and never set back to zero.",
        BP4,
    ),
    Mistake("remembers", "Called twice with the same arguments, your function gives two different results."),
    Mistake(
        "finite differences",
        "These numbers come from nudges of the loss: close to the derivative, but not it. Derive them with the chain "
        "rule; nudges are for checking them.",
        "chapter 05, (ND)",
    ),
    Mistake(
        "integers",
        "The fractions are cut off: somewhere the numbers are kept in an array of integers, or divided with `//`.",
        BP4,
    ),
    Mistake("order of results", "The results are all there, in another order than the one asked for."),
    Mistake(
        "squared error's delta",
        "The derivative of the sigmoid is multiplied in. With cross-entropy it has cancelled.",
        "chapter 04, (CE)",
    ),
    Mistake(
        "dropout scale missing",
        "The mask is applied on the way back, its scale is not. Both multiplied a, so both multiply what comes back.",
        BP2,
    ),
    Mistake(
        "dropout scale twice",
        "The scale of the dropout is multiplied in twice on the way back.",
        BP2,
    ),
    Mistake("dropout mask missing", "The mask is not applied on the way back: silenced units get a share.", BP2),
    Mistake(
        "mask on the wrong delta",
        "The mask is multiplied into the delta above. It belongs to the layer whose units it silenced.",
        BP2,
    ),
)
BUGS = {mistake.name: mistake for mistake in CATALOGUE}
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
