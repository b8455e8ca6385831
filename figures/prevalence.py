"""Chapter 11: a thousand people, five with the cancer, and whom a good test calls back."""

import numpy as np
from matplotlib import pyplot
from matplotlib.figure import Figure

from bpbook import plots

PEOPLE, COLUMNS = 1000, 50
PREVALENCE, SENSITIVITY, SPECIFICITY = 0.005, 0.95, 0.99
ILL = round(PEOPLE * PREVALENCE)
FOUND = round(ILL * SENSITIVITY)
ALARMS = round((PEOPLE - ILL) * (1 - SPECIFICITY))
assert (ILL, FOUND, ALARMS) == (5, 5, 10)
PLACES = np.random.default_rng(2).permutation(PEOPLE)  # who stands where
WITH_CANCER, CALLED_WELL = PLACES[:ILL], PLACES[ILL : ILL + ALARMS]
ALT = (
    f"A thousand dots, one a person, in a block. {ILL} are orange: they have cancer. {FOUND + ALARMS} dots have a dark "
    f"ring: they are called back. All {ILL} orange dots have one, and so have {ALARMS} blue ones, scattered among the "
    f"{PEOPLE - ILL} people without cancer."
)


def draw() -> Figure:
    """Draw everybody as a dot, with a ring round the people who are called back."""
    plots.style()
    figure, ax = pyplot.subplots(figsize=(8.6, 4.1))
    across, down = np.arange(PEOPLE) % COLUMNS, np.arange(PEOPLE) // COLUMNS
    ax.plot(across, -down, "o", color=plots.POSITIVE, ms=4.4, alpha=0.35, mew=0)
    for group, color in ((CALLED_WELL, plots.POSITIVE), (WITH_CANCER, plots.NEGATIVE)):
        ax.plot(across[group], -down[group], "o", color=color, ms=8.5, mec="#1d2026", mew=1.8)
    below = -PEOPLE / COLUMNS - 0.9
    ax.plot([0], [below], "o", color=plots.NEGATIVE, ms=8.5, mec="#1d2026", mew=1.8)
    plots.label(ax, (0.8, below), f"{FOUND} called back, with cancer", size=11, ha="left")
    ax.plot([19], [below], "o", color=plots.POSITIVE, ms=8.5, mec="#1d2026", mew=1.8)
    plots.label(ax, (19.8, below), f"{ALARMS} called back, without", size=11, ha="left")
    ax.plot([37], [below], "o", color=plots.POSITIVE, ms=4.4, alpha=0.35, mew=0)
    plots.label(ax, (37.8, below), f"{PEOPLE - FOUND - ALARMS} sent home", size=11, ha="left")
    ax.set(xlim=(-1, COLUMNS), ylim=(below - 1, 1), aspect="equal")
    ax.axis("off")
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
