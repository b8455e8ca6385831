"""Mistakes in other layers: convolution and pooling, normalisation, recurrence, embedding, attention."""

from ...judging.verdict import Mistake

__all__ = ["LAYERS"]

# Where the book mends them.
CONV = 'chapter 17, "Convolution: the same weights everywhere"'
POOL = 'chapter 17, "Pooling: only the winner moves the output"'
NORM = 'chapter 17, "Normalisation: the mean and the spread have paths too"'
TIME = 'chapter 17, "Recurrence: a layer used again and again"'
TABLE = 'chapter 17, "Embedding: a table that learns"'
HEAD = 'chapter 17, "One head"'

# fmt: off
CATALOGUE = (  # name, where the book mends it, words
    ("kernel not turned", CONV,
     "The kernel lies the same way round as going forward. Seen from a pixel, the first weight belongs to the last "
     "window that covers it."),
    ("kernel turned forward", CONV,
     "The kernel is turned by 180 degrees before it is laid on the image. The layer does that only on the way back."),
    ("stride forgotten on the way back", CONV,
     "Each window sends its gradient to where it would lie with a stride of 1. Window i begins at pixel i times the "
     "stride."),
    ("stride forgotten in dW", CONV,
     "The weights' gradient pairs the upstream gradient with windows one pixel apart. Take those that the stride "
     "reached."),
    ("stride forgotten on both ways", CONV,
     "The windows lie one pixel apart, for dx and for dW. Window i begins at pixel i times the stride."),
    ("dilation forgotten", CONV,
     "The windows are taken without holes, for dx and for dW. The pixels under a kernel lie dilation pixels apart."),
    ("windows overwrite each other", CONV,
     "Where windows overlap, the last one wins. A pixel has a path to the loss through each window that covers it."),
    ("channels exchanged", CONV,
     "The gradient passes W from the wrong side, input channels for output channels. With equal numbers nothing "
     "complains."),
    ("summed over the examples only", CONV,
     "It adds up over the examples but not over the positions, and the filter is the same at every position."),
    ("averaged over the uses", CONV,
     "A mean is taken where the shared parameter's gradient is a sum over all its uses."),
    ("gradient to the wrong maximum", POOL,
     "The gradient goes to another entry of the window than the one that won. Only the largest had a say."),
    ("gradient to the whole window", POOL,
     "Every entry of the window gets the gradient. A nudge of one that lost changes nothing."),
    ("gradient shared by the window", POOL,
     "The gradient is divided among the window, as an average would do. The largest entry gets all of it."),
    ("mean's path missing", NORM,
     "The path through the mean is missing: each entry also moves the mean that all of them are measured from."),
    ("variance's path missing", NORM,
     "The path through the variance is missing: each entry also moves the spread that all of them are divided by."),
    ("both paths missing", NORM,
     "Mean and variance are treated as constants. Both depend on every entry, and each is a path to the loss."),
    ("statistics of one row", NORM,
     "Mean and variance are taken along each example. Batch normalisation takes them down each column."),
    ("statistics of the batch", NORM,
     "Mean and variance are taken down the columns. In layer normalisation every row has its own."),
    ("gamma forgotten", NORM,
     "gamma stands between x_hat and the output, so what comes back is multiplied by it. Here it is missing."),
    ("gamma outside the means", NORM,
     "gamma multiplies at the end, after the means were taken. Its entries differ along the row, so it goes inside."),
    ("sigma forgotten", NORM,
     "The division by sigma is missing on the way back."),
    ("variance for sigma", NORM,
     "It divides by the variance where sigma, its root, belongs."),
    ("divided by one less", NORM,
     "The variance is divided by one less than the count, as for a sample. The layer takes a plain mean of squares."),
    ("eps forgotten", NORM,
     "eps is left out of sigma. It is added to the variance, under the root."),
    ("eps outside the root", NORM,
     "eps is added to the root. It belongs to the variance, under the root."),
    ("sums for means", NORM,
     "The two correction terms are sums where they should be means over the entries that were normalised together."),
    ("dgamma from x", NORM,
     "gamma multiplies x_hat, so its gradient needs x_hat. Here x itself stands in its place."),
    ("time truncated", TIME,
     "Each step hears only of its own output. What comes back from the next step through W_h is missing."),
    ("time cut after one step", TIME,
     "The error goes one step back and no further. It has to be carried on to the very first step."),
    ("only the last step", TIME,
     "Only the last step's upstream gradient is used. Every state was an output of its own."),
    ("slope of tanh missing", TIME,
     "The slope of tanh is missing: the error passes as if the cell were linear."),
    ("slope at h", TIME,
     "The slope is taken as if h went through tanh once more. It is already the tanh of z."),
    ("W_h not transposed", TIME,
     "What comes back from the next step passes W_h as if it went forward. A square matrix hides it."),
    ("states of the same step", TIME,
     "dW_h pairs each error with the state that it made. The weights W_h saw the state of the step before."),
    ("first state forgotten", TIME,
     "dW_h takes a state of zeros before the first step. The sequence began with h0."),
    ("weights of one step", TIME,
     "The weights get one step's share of the gradient. They are the same at every step, so the shares add up."),
    ("repeats overwritten", TABLE,
     "Where a token occurs several times, only one of its places counts. A row adds up over all of them."),
    ("repeats overwritten in part", TABLE,
     "Of a token that repeats within one of your additions only one place counts: `dE[index] += ...` adds to a row "
     "once, however often the index names it."),
    ("softmax's Jacobian as a product", HEAD,
     "Softmax is treated as if every weight depended on its own score alone. Each score moves all weights of its row."),
    ("softmax left out", HEAD,
     "The gradient of the weights is passed on as if it were that of the scores. Softmax lies between them."),
    ("sum over the queries", HEAD,
     "The correction is summed over the queries. Each query has a softmax of its own, over the keys."),
    ("scale forgotten", HEAD,
     "The scores were divided by the root of d. The way back passes the same factor, and here it is missing."),
    ("scores not scaled", HEAD,
     "The scale is missing. The scores are the products divided by the root of d."),
    ("mask after softmax", HEAD,
     "The mask comes after softmax, so what is hidden keeps its share of the sum and the weights of a row add up to "
     "less than 1. Hide scores before softmax, as minus infinity."),
    ("hidden scores of zero", HEAD,
     "The hidden scores become 0, but softmax gives a weight of 0 only to minus infinity."),
    ("softmax over the queries", HEAD,
     "Softmax runs down the columns, over the queries. Each query, a row of the scores, has weights of its own."),
    ("next place seen", HEAD,
     "The mask is one place too wide: each query sees the place after its own."),
    ("own place hidden", HEAD,
     "The mask is one place too narrow: it hides a query's own place, and leaves the first query nothing to look at."),
    ("scale without the root", HEAD,
     "It divides by d. The scale is the root of d."),
    ("mask forgotten backward", HEAD,
     "The way back uses weights without the mask, so a query sends gradient to keys that it never saw."),
    ("queries and keys exchanged", HEAD,
     "The gradients of queries and keys have changed places. A query's gradient is a mixture of the keys."),
    ("weights not transposed", HEAD,
     "The attention weights are used the way round they were used forward. A value collects from all queries, so turn "
     "them."),
    ("scores not transposed", HEAD,
     "The gradient of the scores is used untransposed for the keys. A key collects from all queries that saw it."),
)
# fmt: on
LAYERS = {name: Mistake(name, words, see) for name, see, words in CATALOGUE}
