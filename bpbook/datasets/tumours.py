"""Cells from 569 breast tumours, measured under one microscope."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import checks

__all__ = ["TUMOUR_FEATURES", "other_microscope", "tumours"]

_MEASURED = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
)
TUMOUR_FEATURES = (
    *(f"mean {name}" for name in _MEASURED),
    *(f"{name} error" for name in _MEASURED),
    *(f"worst {name}" for name in _MEASURED),
)
"""What the 30 columns of `tumours` hold, in their order."""
_DIMENSION = {"radius": 1, "perimeter": 1, "area": 2}
"""To which power of the magnification a measurement grows; what is not named here has no length in it."""


def tumours() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return 30 measurements of the cell nuclei of 569 people's breast tumours, which come with scikit-learn.

    Returns
    -------
    x : array of shape (569, 30)
        One person a row. Ten properties of the nuclei in one image, each as its mean over the nuclei, the standard
        error of that mean, and its "worst" value, which is the mean of the three largest. `TUMOUR_FEATURES` names
        the columns. The source names no units; what matters below is which columns are lengths and which areas.
    y : array of shape (569,)
        1 where the tumour is malignant (212 people), 0 where it is benign (357 people).

    Notes
    -----
    scikit-learn codes the classes the other way round, malignant as 0. Sensitivity, precision and everything else
    that speaks of "positives" would then be about the healthy, so the codes are exchanged here.

    References
    ----------
    W. N. Street, W. H. Wolberg and O. L. Mangasarian 1993, "Nuclear feature extraction for breast tumor diagnosis",
    SPIE 1905, 861-870. "Breast Cancer Wisconsin (Diagnostic)", UCI Machine Learning Repository, licence CC BY 4.0.

    >>> x, y = tumours()
    >>> x.shape, int(y.sum())
    ((569, 30), 212)
    """
    from sklearn.datasets import load_breast_cancer

    x, benign = load_breast_cancer(return_X_y=True)
    return x, 1 - benign


def other_microscope(x: NDArray[Any], scale: float) -> NDArray[np.float64]:
    """Return the same tumours as a microscope would measure them whose lengths come out `scale` times as long.

    Radius and perimeter are multiplied by `scale` and the area by its square. Texture is a spread of grey values,
    and the other properties are ratios or counts, so they stay as they are.

    Parameters
    ----------
    x : array of shape (m, 30)
        Measurements as `tumours` returns them.
    scale : float
        Above 0; 0.9 stands for a microscope that measures lengths 10 % too small.

    Raises
    ------
    ValueError
        x has not 30 columns, or scale is not above 0.

    >>> x, _ = tumours()
    >>> seen = other_microscope(x, 0.9)
    >>> (seen[0] / x[0])[:4].round(2).tolist()  # radius, texture, perimeter, area
    [0.9, 1.0, 0.9, 0.81]
    """
    if np.ndim(x) != 2 or np.shape(x)[1] != len(TUMOUR_FEATURES):
        raise ValueError(f"x must have shape (m, 30), one person per row; got {np.shape(x)}. Pass rows of tumours().")
    scale = checks.positive("scale", scale)
    powers = [_DIMENSION.get(name, 0) for name in _MEASURED]
    factors: NDArray[np.float64] = np.tile(scale ** np.array(powers), 3)
    return x * factors
