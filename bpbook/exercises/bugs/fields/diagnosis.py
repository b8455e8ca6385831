"""Mistakes of diagnosis: about rates, rare diseases, thresholds, and who may learn from whom."""

from ...judging.verdict import Mistake

__all__ = ["DIAGNOSIS"]

# Where the book mends them.
RATES = 'chapter 11, "Why accuracy is the wrong first question"'
FOLDS = 'chapter 11, "A fair examination"'
PRICE = 'chapter 11, "The price of missing none"'
CALIBRATION = 'chapter 11, "One number repairs confidence"'
HOSPITAL = 'chapter 11, "Another hospital"'
PREVALENCE = 'chapter 11, "The same test, other people"'
CHOICE = 'chapter 11, "Break it on purpose: choose first, examine later"'

# fmt: off
CATALOGUE = (  # name, where the book mends it, words
    ("rates exchanged", RATES,
     "Sensitivity and specificity are exchanged: sensitivity is about the people who have the disease."),
    ("predictive value", RATES,
     "You divided by the people who are called back. Sensitivity divides by the people who have the disease."),
    ("accuracy", RATES,
     "That is the accuracy, which mixes both kinds of people and depends on how many of each there are."),
    ("strict threshold", PRICE,
     "Somebody who is exactly at the threshold is called back too."),
    ("below the line", PRICE,
     "This calls back the people below the line. A large probability speaks for the disease."),
    ("fixed threshold", PRICE,
     "The threshold you are given is not used."),
    ("prevalence ignored", PREVALENCE,
     "The prevalence is missing: how many of the people who come have the disease at all?"),
    ("threshold on test people", PRICE,
     "The threshold was chosen on the people it is then tested on. They may only be counted."),
    ("threshold on everybody", PRICE,
     "Everybody helped to choose the threshold, the people of the test among them."),
    ("tested on the choosers", PRICE,
     "The sensitivity is that of the people who chose the threshold, which flatters it. Count the test people."),
    ("filled with test people", FOLDS,
     "The test people had a say in the median. It is learned, so it belongs to the people to learn from."),
    ("filled apart", FOLDS,
     "The test people are filled by a median of their own, which a single new patient does not have."),
    ("chosen with everybody", CHOICE,
     "The people who are held out helped to choose the columns. Whatever looks at y may see the people to learn from "
     "only."),
    ("chosen by the held-out", CHOICE,
     "The columns were chosen on the people who are held out. It is the others that may choose."),
    ("area as a length", HOSPITAL,
     "An area goes with the square of the scale, not with the scale."),
    ("temperature missing", CALIBRATION,
     "The probabilities are those of z. With the temperature they are those of z / T."),
    ("temperature not squared", CALIBRATION,
     "z / T changes with T by minus z over the square of T; here T is not squared."),
)
# fmt: on
DIAGNOSIS = {name: Mistake(name, words, see) for name, see, words in CATALOGUE}
