"""Mistakes of counting: of multiply-adds, of memory, and of what machines send each other."""

from ...judging.verdict import Mistake

__all__ = ["COSTS"]

# Where the book mends them.
WORK = 'chapter 14, "Count the work"'
CHEAP = 'chapter 14, "Why a gradient is so cheap"'
MEMORY = 'chapter 14, "Count the memory"'
CHECKPOINTS = 'chapter 14, "Forget and recompute"'
MACHINES = 'chapter 14, "Many machines"'
RULE = 'chapter 14, "The batch per machine decides"'

# fmt: off
CATALOGUE = (  # name, where the book mends it, words
    ("bias not counted", WORK,
     "The biases are missing. Each is added once for every example."),
    ("batch not counted", WORK,
     "That is the work for a single example. Every example in the batch needs it."),
    ("activation not counted", WORK,
     "The activation function is missing. It takes one multiply-add for each hidden unit of each example."),
    ("gradient of the input counted", CHEAP,
     "One product too many: nobody asks for the gradient of the inputs, so layer 1 sends nothing further back."),
    ("nothing sent back", CHEAP,
     "You counted the products that give the gradients of the weights. The errors must also get to layer 1."),
    ("twice the forward pass", CHEAP,
     "Twice the forward pass would be right if every layer sent its error further back. The first one does not."),
    ("one pass for two", MEMORY,
     "One of the three arrays of each layer is missing: z and a wait for the way back, and the way back adds a delta."),
    ("bytes for floats", MEMORY,
     "That is in bytes. How many floats is it?"),
    ("gradients not stored", MEMORY,
     "The gradients themselves are missing. There is one number for each weight and each bias."),
    ("z not made again", CHECKPOINTS,
     "Each layer of a segment needs three arrays on the way back: z is made again as well as a, and delta is added."),
    ("checkpoints not counted", CHECKPOINTS,
     "The checkpoints are missing. The shorter the segments, the more of them there are."),
    ("two for one", WORK,
     "That is twice as many. A multiplication and the addition that goes with it count once, as one multiply-add."),
    ("sum not kept", MEMORY,
     "The sum of the gradients so far is missing. It is held beside the gradients of the portion."),
    ("sum for a mean", MACHINES,
     "You added the gradients of the machines. Each is the gradient of a mean, so they must be averaged."),
    ("shares not weighted", MACHINES,
     "Every machine has the same say here. One that saw more examples should count for more."),
    ("decay on every machine", MACHINES,
     "The decay is counted once for every machine. It belongs to the network and is counted once."),
    ("only one way", RULE,
     "Weights travel out and gradients travel back. You counted one of the two."),
    ("floats for bytes", RULE,
     "The link carries bytes, and you sent floats. How many bytes does each of them take?"),
)
# fmt: on
COSTS = {name: Mistake(name, words, see) for name, see, words in CATALOGUE}
