"""Mistakes of image recognition: about who is on which side, what is shown, what a gradient says, and certainty."""

from ...judging.verdict import Mistake

__all__ = ["IMAGES"]

# Where the book mends them.
SPLIT = 'chapter 08, "A number that is too good"'
SALIENCY = 'chapter 08, "Why did it say three?"'
TWINS = 'chapter 08, "Break it on purpose"'
NUDGE = 'chapter 08, "The blind spot"'
HAND = 'chapter 08, "Your hand"'
WRONG = 'chapter 08, "What goes wrong"'

# fmt: off
CATALOGUE = (  # name, where the book mends it, words
    ("same people on both sides", SPLIT,
     "The people who are held out are among those to learn from as well, so the test meets hands it knows."),
    ("sides exchanged", SPLIT,
     "The two sides are exchanged: the rows to learn from come first."),
    ("block of the file", SPLIT,
     "You held out the last rows of the file, whoever wrote them. It is people who are to be held out."),
    ("one person held out", SPLIT,
     "Only the first of the people in `held` is held out."),
    ("images for people", SPLIT,
     "That counts images. Somebody with many images on both sides is still one person."),
    ("one side only", SPLIT,
     "That counts everybody on one of the sides. Who is on both?"),
    ("everybody counted", SPLIT,
     "That counts everybody on either side. Who is on both?"),
    ("every so many pixels", HAND,
     "You took one pixel of each block and lost the others. A thin stroke can fall through such a sieve."),
    ("blocks not adjacent", HAND,
     "The pixels you averaged are not neighbours. In which order does reshape cut an axis?"),
    ("sum of a block", HAND,
     "A block of full ink must give full ink: take the mean of its pixels, not their sum."),
    ("darkest of a block", HAND,
     "The darkest pixel of a block makes every stroke thicker. Take the mean of its pixels."),
    ("rows and columns exchanged", HAND,
     "Row and column are exchanged. The first axis of an image counts rows."),
    ("middle of the box", HAND,
     "That is the middle of the box around the ink. The centre of mass leans to where there is more of it."),
    ("ink unweighted", HAND,
     "Every pixel with any ink counts the same here. A pixel counts by how much ink it has."),
    ("not divided by the ink", HAND,
     "Divide by all of the ink, or twice as much of it would lie twice as far down."),
    ("darkest pixel", HAND,
     "That is where the darkest pixel is. The centre of mass takes all of the ink into account."),
    ("sign of the saliency", TWINS,
     "The sign is reversed: wiping changes the pixel by minus x, and the answer rests on ink whose removal raises C."),
    ("saliency without ink", TWINS,
     "The ink is missing: where there is none, there is nothing to wipe."),
    ("ink as yes or no", SALIENCY,
     "A pixel with a little ink has little to lose. Its saliency grows with how much ink it has."),
    ("size of the saliency", SALIENCY,
     "With the sign gone, ink that speaks against the answer looks like ink that speaks for it."),
    ("least salient wiped", SALIENCY,
     "You wiped the pixels with the smallest saliency, those that speak against the answer."),
    ("all others wiped", SALIENCY,
     "You kept the most salient pixels and wiped the others."),
    ("wiped to full ink", SALIENCY,
     "To wipe means to leave paper, which is 0. Full ink is 1."),
    ("wiped by size", SALIENCY,
     "You went by the size of the saliency, so that ink against the answer was wiped too."),
    ("one pixel too few", SALIENCY,
     "One pixel too few is wiped."),
    ("downhill", NUDGE,
     "That nudge goes downhill and makes the network surer of its answer."),
    ("not of that length", NUDGE,
     "The nudge must have the given size, however long the gradient is."),
    ("length by its square", NUDGE,
     "You divided by the squared length of the gradient. Is a root missing?"),
    ("every pixel alike", NUDGE,
     "This moves all pixels equally far by the sign of their derivative. The nudge asked for goes along the gradient."),
    ("ink beyond", NUDGE,
     "Some pixels come to have less ink than paper or more than full ink. Keep them between 0 and 1."),
    ("clipped before the step", NUDGE,
     "Keep the image between 0 and 1 after the step; here only the step is kept there."),
    ("certainty of the label", WRONG,
     "You sorted by the probability of the right digit, which nobody knows when the network is in use."),
    ("least certain accepted", WRONG,
     "You accepted the images of which the network is least sure."),
    ("errors among all", WRONG,
     "The errors are counted among all images. Count them among those that are accepted."),
    ("stopped too early", WRONG,
     "You stopped at the first error that was too much. Accepting more can bring the share down again."),
    ("share rejected", WRONG,
     "That is the share that is rejected."),
)
# fmt: on
IMAGES = {name: Mistake(name, words, see) for name, see, words in CATALOGUE}
