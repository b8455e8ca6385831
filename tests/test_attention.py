"""The query without a browser: its numbers are those of softmax written out, and its gradients are slopes."""

import math

import numpy as np
import pytest

import bpbook as bp
import bpbook.widgets  # now, so that collecting doctests does not put modules in the place of functions


@pytest.fixture
def experiment():
    return bp.widgets.attention()


def written_out(q, keys, values):
    """Return the weights and the output, with nothing but sums and exp."""
    e = [math.exp((q[0] * k[0] + q[1] * k[1]) / math.sqrt(2)) for k in keys]
    A = [one / sum(e) for one in e]
    return A, sum(share * value for share, value in zip(A, values, strict=True))


def assert_numbers(experiment):
    seen, q = experiment.seen, np.array([experiment.q0, experiment.q1])
    keys, values = np.array(experiment.state["keys"][:seen]), np.array(experiment.state["values"][:seen])
    A, z = written_out(q, keys, values)
    now = experiment.numbers
    np.testing.assert_allclose(now["A"], A, rtol=1e-12)
    assert now["z"] == pytest.approx(z, rel=1e-12, abs=1e-12)
    slopes = {
        "dq": bp.numerical_gradient(lambda q: written_out(q, keys, values)[1], q),
        "dk": bp.numerical_gradient(lambda k: written_out(q, k, values)[1], keys),
        "dv": bp.numerical_gradient(lambda v: written_out(q, keys, v)[1], values),
    }
    for name, slope in slopes.items():
        np.testing.assert_allclose(now[name], slope, atol=1e-8)


@pytest.mark.parametrize("seen", [1, 2, 3, 4])
def test_every_control_across_its_range_gives_slopes_of_the_output(experiment, seen):
    experiment.seen = seen
    for q0 in (-4, -1.5, 0, 1, 4):
        for q1 in (-4, 0, 0.7, 4):
            experiment.q0, experiment.q1 = q0, q1
            assert_numbers(experiment)
    assert experiment.message == ""


def test_exchanged_gradients_are_refused(experiment, monkeypatch):
    now = experiment.numbers
    now["dv"] = now["A"] * (np.array(experiment.state["values"]) - now["z"])
    monkeypatch.setattr(type(experiment), "numbers", now)
    with pytest.raises(AssertionError):
        assert_numbers(experiment)


def test_a_query_of_zeros_takes_the_mean_and_pulls_no_key(experiment):
    experiment.q0 = experiment.q1 = 0
    now = experiment.numbers
    assert now["A"].tolist() == [0.25] * 4 and now["z"] == 1.5
    assert not now["dk"].any() and now["dq"].any()


def test_what_is_out_of_reach_is_refused_in_words(experiment):
    experiment.q0 = 5
    assert experiment.q0 == 1 and experiment.message == "q0 must be from -4 to 4; got 5. It stays 1."
    experiment.seen = 0
    assert experiment.seen == 4 and experiment.message == "seen must be from 1 to 4; got 0. It stays 4."
    experiment.q1, experiment.seen = -2, 2
    experiment.rewind()
    assert (experiment.q0, experiment.q1, experiment.seen, experiment.message) == (1, 1, 4, "")


def test_the_lines_make_the_numbers(experiment):
    experiment.q0, experiment.seen, names = -0.3, 3, {}
    exec(experiment.lines(), names)
    np.testing.assert_allclose(names["dk"][0], experiment.numbers["dk"], rtol=1e-12)
    np.testing.assert_allclose(names["dq"][0, 0], experiment.numbers["dq"], rtol=1e-12)
    assert repr(experiment).startswith("[experiment] a query looks at keys; weights 0.")
