"""Mistakes of forecasting: letting the future in, comparing with the wrong thing, and believing a picked winner."""

from ...judging.verdict import Mistake

__all__ = ["MARKETS"]

# Where the book mends them.
LINE = 'chapter 10, "The line that kills it"'
AHEAD = 'chapter 10, "A test that sees the future"'
GAP = 'chapter 10, "Mind the gap"'
LEVEL = 'chapter 10, "Third leak: none at all"'
WALK = 'chapter 10, "Returns, honestly"'
TEST = 'chapter 10, "Is the difference real?"'
MANY = 'chapter 10, "A thousand coin flippers"'
RANGE = 'chapter 10, "What can be forecast"'
LEARNED = 'chapter 10, "What it has learned"'
INTERVAL = 'chapter 10, "How sure is a forecast?"'

# fmt: off
CATALOGUE = (  # name, where the book mends it, words
    ("scaled with the future", AHEAD,
     "The days from `cut` on had a say in the mean and the spread. On day `cut` nobody knew them."),
    ("test days scaled apart", AHEAD,
     "The later days are scaled by a mean and spread of their own, so the same return means something else there, and "
     "it takes the future to know them."),
    ("scaled by the test days", AHEAD,
     "The later days set the scale. They may only be measured by the scale of the days before."),
    ("a known return left in", LINE,
     "The mean holds two returns that you know, and one of them is still in there."),
    ("returns tripled too", LINE,
     "Only the mean is a third of something. The returns are whole ones."),
    ("centred window", LINE,
     "The windows are centred, so half of each lies in the future. They must end with the day itself."),
    ("window into the future", LINE,
     "The windows begin with the day and reach into the future. They must end with it."),
    ("today left out", RANGE,
     "The windows end the day before. At the end of a day its own value is known and belongs in."),
    ("no gap", GAP,
     "Without a gap the last training answers are made of days on which the test answers depend."),
    ("gap of the window", GAP,
     "The inputs look back, and looking back is allowed. The gap depends on how far the answers reach ahead."),
    ("days for rows", GAP,
     "Those are days, and one row is five of them."),
    ("part of a row", GAP,
     "Rows are whole. Which of them have an answer that is complete?"),
    ("one day too many", GAP,
     "That is one row more than is needed: an answer that ends on the evening of the forecast is known."),
    ("compared with the mean", LEVEL,
     "This compares with the mean of all values, which is easy to beat in a series that wanders. Compare with "
     "yesterday's value."),
    ("fitted on everything", WALK,
     "The days that are forecast are among those that the line was fitted to. It may see only the days before."),
    ("fitted on the block too", WALK,
     "Each block is forecast by a line that has seen the block itself. Fit first, then move on."),
    ("never fitted again", WALK,
     "The line is fitted once and used for all blocks. At the start of each block it may learn from all days before."),
    ("days forgotten", WALK,
     "Only the last `first` days are learned from. Here every day of the past counts."),
    ("no long-run variance", TEST,
     "The covariances are missing, so days that hang together count as if they were independent."),
    ("covariances counted once", TEST,
     "Each covariance counts twice: day t with day t - k, and day t - k with day t."),
    ("covariances unweighted", TEST,
     "The weights 1 - k/(K + 1) are missing. Without them the variance can even come out negative."),
    ("weights over K", TEST,
     "The weights are 1 - k/K here, which drops the last covariance. Divide by K + 1."),
    ("not centred", TEST,
     "The mean of d was not taken away before the products, so what should be luck contains the gain."),
    ("not the error of the mean", TEST,
     "This divides by the spread of one day. A mean of m days is more certain than a single one."),
    ("gain of the rival", TEST,
     "The sign is reversed. The statistic is positive where the rival loses more."),
    ("one flipper", MANY,
     "That is the probability for one flipper who was named beforehand. Here anyone of them will do."),
    ("added up", MANY,
     "Probabilities of several events may be added only if no two happen together. Think of nobody succeeding."),
    ("nobody", MANY,
     "That is the probability that nobody succeeds."),
    ("one road", LEARNED,
     "That is one road of four. The return reaches the forecast through all four inputs, and roads add up."),
    ("size without sign", LEARNED,
     "That is the slope on a rising day, all the way. While a fall becomes smaller, its size shrinks: that road has a "
     "minus."),
    ("means counted in full", LEARNED,
     "Today is one of the 5 and one of the 22 days of the means, so those roads carry a share only."),
    ("tails counted twice", INTERVAL,
     "All of 1 - share lies below here, and as much above. Half of it belongs in each tail."),
    ("taken for symmetric", INTERVAL,
     "The interval reaches equally far to both sides. These errors are not symmetric: ask each tail by itself."),
    ("taken for normal", INTERVAL,
     "The interval takes the errors for normally distributed. Count them instead: take their quantiles."),
    ("errors reversed", INTERVAL,
     "The errors are subtracted. An error is the truth minus the forecast, so it is added to a forecast."),
)
# fmt: on
MARKETS = {name: Mistake(name, words, see) for name, see, words in CATALOGUE}
