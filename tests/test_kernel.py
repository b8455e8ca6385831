"""The kernel without a browser: every number is the sum of the products that are shown, and the layer's own."""

import numpy as np
import pytest

import bpbook as bp
import bpbook.widgets  # now, so that collecting doctests does not put modules in the place of functions

SETTINGS = [(stride, padding) for stride in (1, 2) for padding in (0, 1)]


@pytest.fixture
def kernel():
    return bp.widgets.kernel()


def assert_sum(kernel):
    kind, row, column = kernel.chosen
    shown = kernel.numbers[{"z": "z", "x": "dx", "W": "dW"}[kind]][row][column]
    assert sum(one * other for one, other in kernel.terms()) == shown


@pytest.mark.parametrize(("stride", "padding"), SETTINGS)
def test_every_number_is_the_sum_of_the_products_shown(kernel, stride, padding):
    kernel.stride, kernel.padding = stride, padding
    for kind, grid in (("z", kernel.numbers["z"]), ("x", kernel.state["x"]), ("W", kernel.state["W"])):
        for row, column in np.ndindex(np.shape(grid)):
            kernel.chosen = [kind, row, column]
            assert kernel.chosen == [kind, row, column]
            assert_sum(kernel)
    kernel.numbers["dW"][2][2] += 1
    kernel.chosen = ["W", 2, 2]
    with pytest.raises(AssertionError):
        assert_sum(kernel)


@pytest.mark.parametrize(("stride", "padding"), SETTINGS)
def test_gradients_are_slopes_of_the_outputs_weighted_by_u(kernel, stride, padding):
    kernel.stride, kernel.padding = stride, padding
    x, W, u = (np.array(grid, float) for grid in (kernel.state["x"], kernel.state["W"], kernel.numbers["u"]))

    def weighted(x, W):
        x = np.pad(x, padding)
        places = range(0, len(x) - 2, stride)
        return sum(u[i // stride, j // stride] * (x[i : i + 3, j : j + 3] * W).sum() for i in places for j in places)

    np.testing.assert_allclose(kernel.numbers["dx"], bp.numerical_gradient(lambda x: weighted(x, W), x), atol=1e-7)
    np.testing.assert_allclose(kernel.numbers["dW"], bp.numerical_gradient(lambda W: weighted(x, W), W), atol=1e-7)


def test_a_corner_reaches_one_output_and_the_middle_nine(kernel):
    assert len(kernel.terms()) == 9
    kernel.chosen = ["x", 0, 0]
    assert len(kernel.terms()) == 1
    kernel.padding = 1
    assert len(kernel.terms()) == 4
    kernel.stride, kernel.padding, kernel.chosen = 2, 0, ["x", 2, 2]
    assert len(kernel.terms()) == 4


def test_what_there_is_not_is_refused_in_words(kernel):
    kernel.stride = 3
    assert kernel.stride == 1 and kernel.message == "stride must be 1 or 2; got 3. It stays 1."
    for wrong in (["z", 3, 0], ["x", 5, 0], ["W", 0, -1], ["y", 0, 0], ["x", 1]):
        kernel.chosen = wrong
        assert kernel.chosen == ["x", 2, 2] and kernel.message.startswith("chosen must be 'z', 'x' or 'W'")
    kernel.chosen = ["z", 2, 2]
    kernel.stride = 2
    assert kernel.chosen == ["z", 1, 1]
    kernel.rewind()
    assert (kernel.stride, kernel.padding, kernel.chosen, kernel.message) == (1, 0, ["x", 2, 2], "")


def test_the_lines_make_the_numbers(kernel):
    kernel.stride, kernel.padding = 2, 1
    names = {}
    exec(kernel.lines(), names)
    np.testing.assert_array_equal(names["dx"][0, :, :, 0], kernel.numbers["dx"])
    np.testing.assert_array_equal(names["dW"][:, :, 0, 0], kernel.numbers["dW"])
    value = kernel.numbers["dx"][2][2]
    assert repr(kernel) == f"[experiment] slide a kernel; dx[2, 2] = {value}, a sum of {len(kernel.terms())} products"
