"""442 people with diabetes, and how far their disease had gone a year later."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["DIABETES_FEATURES", "diabetes"]

DIABETES_FEATURES = (
    "age",
    "sex",
    "body mass index",
    "blood pressure",
    "total cholesterol",
    "LDL",
    "HDL",
    "cholesterol ratio",
    "log triglycerides",
    "blood sugar",
)
"""What the 10 columns of `diabetes` hold, in their order."""


def diabetes() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return 10 measurements of 442 people with diabetes, which come with scikit-learn.

    Returns
    -------
    x : array of shape (442, 10)
        One person a row, each column in its own units; `DIABETES_FEATURES` names the columns. Sex is coded 1 and 2;
        the source does not say which is which, and is sure of the triglycerides only "possibly".
    y : array of shape (442,)
        How far the disease had progressed a year later: a score from 25 to 346, in units that the source does not
        explain.

    References
    ----------
    B. Efron, T. Hastie, I. Johnstone and R. Tibshirani 2004, "Least angle regression", Annals of Statistics 32,
    407-499, section 1 and table 1.

    >>> x, y = diabetes()
    >>> x.shape, int(y.min()), int(y.max())
    ((442, 10), 25, 346)
    """
    from sklearn.datasets import load_diabetes

    x, y = load_diabetes(return_X_y=True, scaled=False)
    return x, y
