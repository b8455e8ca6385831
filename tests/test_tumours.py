"""Two data sets of chapter 11: what is in them, which way round they are coded, and another microscope."""

import numpy as np
import pytest

from bpbook import datasets
from bpbook.datasets import TUMOUR_FEATURES, other_microscope


def column(name):
    return TUMOUR_FEATURES.index(name)


def test_the_malignant_tumours_are_1_and_have_the_larger_nuclei():
    x, y = datasets.tumours()
    assert x.shape == (569, 30) and np.bincount(y).tolist() == [357, 212]
    radius = x[:, column("mean radius")]
    assert radius[y == 1].mean() > radius[y == 0].mean() + 4


def test_the_codes_are_those_of_scikit_learn_exchanged_and_its_names_are_ours():
    from sklearn.datasets import load_breast_cancer

    source = load_breast_cancer()
    x, y = datasets.tumours()
    np.testing.assert_array_equal(x, source.data)
    assert [source.target_names[k] for k in (0, 1)] == ["malignant", "benign"]
    np.testing.assert_array_equal(y, source.target == 0)
    assert tuple(source.feature_names) == TUMOUR_FEATURES


def test_the_columns_are_what_their_names_say():
    x, _ = datasets.tumours()
    for group in ("mean", "worst"):
        radius, perimeter, area = (x[:, column(f"{group} {name}")] for name in ("radius", "perimeter", "area"))
        assert np.corrcoef(radius, perimeter)[0, 1] > 0.98 and np.corrcoef(radius**2, area)[0, 1] > 0.97
    for name in ("radius", "texture", "concavity"):
        assert (x[:, column(f"worst {name}")] >= x[:, column(f"mean {name}")]).all()


def test_another_microscope_changes_lengths_and_areas_and_nothing_else():
    x, _ = datasets.tumours()
    before = x.copy()
    factor = other_microscope(x, 0.9)[5] / x[5]
    for k, name in enumerate(TUMOUR_FEATURES):
        bare = name.replace("mean ", "").replace("worst ", "").replace(" error", "")
        assert factor[k] == pytest.approx({"radius": 0.9, "perimeter": 0.9, "area": 0.81}.get(bare, 1.0)), name
    np.testing.assert_array_equal(other_microscope(x, 1.0), x)
    np.testing.assert_allclose(other_microscope(other_microscope(x, 0.8), 1 / 0.8), x)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("shape", [(30,), (3, 10), (30, 4)])
def test_other_measurements_are_refused_with_words(shape):
    with pytest.raises(
        ValueError, match=r"x must have shape \(m, 30\), one person per row; got .* Pass rows of tumours"
    ):
        other_microscope(np.ones(shape), 0.9)


@pytest.mark.parametrize("scale", [0, -1.0, np.inf, np.nan])
def test_a_scale_that_no_microscope_has_is_refused(scale):
    with pytest.raises(ValueError, match="scale must be"):
        other_microscope(np.ones((2, 30)), scale)
    with pytest.raises(TypeError, match="scale must be"):
        other_microscope(np.ones((2, 30)), "small")


def test_the_diabetes_set_is_in_its_own_units_and_its_names_fit():
    x, y = datasets.diabetes()
    assert x.shape == (442, 10) == (len(y), len(datasets.DIABETES_FEATURES))
    at = dict(zip(datasets.DIABETES_FEATURES, x.T, strict=True))
    assert 18 < at["age"].min() < at["age"].max() < 80 and set(at["sex"]) == {1, 2}
    assert all((at["body mass index"] > 17) & (at["body mass index"] < 43))
    ratio = at["total cholesterol"] / at["HDL"]
    assert np.corrcoef(ratio, at["cholesterol ratio"])[0, 1] > 0.97
    assert (y.min(), y.max()) == (25, 346)
