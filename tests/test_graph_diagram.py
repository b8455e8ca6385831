"""The chain and the expression graph without a browser: every control moved, every number compared."""

import re

import numpy as np
import pytest

import bpbook as bp
from bpbook.widgets.chain import NAMES, STOPS


def chain_by_hand(x, at="", h=0.0):
    """Return x, u, v, w, y in plain Python, with h added to one of them on the way."""
    x = x + h * (at == "x")
    u = x * x + h * (at == "u")
    v = 3 * u + h * (at == "v")
    w = u + 1 + h * (at == "w")
    return dict(zip(NAMES, (x, u, v, w, v * w + h * (at == "y")), strict=True))


def derivatives_by_hand(x):
    """Return dy/d of every node, from y = 3 u^2 + 3 u with u = x^2, and of its last links v = 3u, w = u + 1."""
    u = x * x
    return {"x": 12 * x**3 + 6 * x, "u": 6 * u + 3, "v": u + 1, "w": 3 * u, "y": 1.0}


def assert_chain_shows(chain, x, at, h):
    """Compare all that the browser draws with plain Python."""
    rest, after = chain_by_hand(x), chain_by_hand(x, at, h)
    frame = chain.state["frames"][chain.frame]
    np.testing.assert_allclose([n["value"] for n in frame["nodes"]], list(after.values()), rtol=1e-13)
    np.testing.assert_allclose([n["slope"] for n in frame["links"]], [2 * x, 3, 1, rest["w"], rest["v"]], rtol=1e-13)
    if at:
        change, ratio, derivative = chain.moved(at)["y"]
        np.testing.assert_allclose(change, after["y"] - rest["y"], rtol=1e-12)
        np.testing.assert_allclose(ratio, change / h, rtol=1e-15)
        np.testing.assert_allclose(derivative, derivatives_by_hand(x)[at], rtol=1e-12)


def unmarked(words):
    return re.sub("</?span.*?>", "", words)


def assert_factors_belong(experiment):
    """Compare every factor of a link, symbol and number, with that link: its ends and its local derivative."""
    state, named, numbers = experiment.state, 0, 0
    for frame in state["frames"]:
        for part, label, written in re.findall(
            r'data-of="l(\d+)"(?:[^>]*aria-label="(.*?)")?>(.*?)</span>', frame["words"]
        ):
            link = state["links"][int(part)]
            start, end = (state["nodes"][link[which]]["name"] for which in ("start", "end"))
            if label:
                assert label == f"local derivative of {end} by {start}"
                named += 1
            if re.fullmatch(r"\(?−?[\d.]+[×⁻⁰-⁹¹²³]*\)?", written):
                assert read_number(written.strip("()")) == float(f"{frame['links'][int(part)]['slope']:.6g}")
                numbers += 1
    assert min(named, numbers) > 0


@pytest.fixture
def chain():
    return bp.widgets.chain()


def test_the_chain_begins_with_the_numbers_done_by_hand(chain):
    # u = 4, v = 12, w = 5, y = 60; dy/du = 3 * 5 + 1 * 12 = 27, dy/dx = 4 * 27 = 108
    assert chain.values == {"x": 2, "u": 4, "v": 12, "w": 5, "y": 60}
    assert chain.adjoint == {"x": 108, "u": 27, "v": 5, "w": 12, "y": 1}
    assert list(chain.slope.values()) == [4, 3, 1, 5, 12]


def test_the_numbers_of_another_nudge_are_refused(chain):
    chain.choose("u")
    with pytest.raises(AssertionError):
        assert_chain_shows(chain, 2.0, "u", 0.02)


@pytest.mark.parametrize("at", ["", *NAMES])
def test_every_node_is_nudged_by_every_size_at_every_x(chain, at):
    chain.choose(at)
    for x in np.linspace(-3, 3, 13):
        chain.set("x", x)
        for h in STOPS:
            chain.set("nudge", h)
            assert_chain_shows(chain, x, at, h)


@pytest.mark.equation("MV")
@pytest.mark.parametrize("name", NAMES[:4])
def test_the_paths_from_a_node_add_up_to_its_derivative(chain, name):
    chain.set("x", -1.5)
    products = [np.prod(factors) for _, factors in chain.paths(name)]
    np.testing.assert_allclose(sum(products), derivatives_by_hand(-1.5)[name], rtol=1e-14)
    if name in "xu":
        assert abs(products[0] - derivatives_by_hand(-1.5)[name]) > 1  # one path alone is not the derivative


@pytest.mark.equation("CR")
@pytest.mark.parametrize("name", NAMES)
def test_the_ratio_tends_to_the_derivative_as_the_nudge_gets_small(chain, name):
    h, far = np.array([1.0, 0.1, 0.01, 0.001]), []
    for size in h:
        chain.set("nudge", size)
        _, ratio, derivative = chain.moved(name)["y"]
        far.append(ratio - derivative)
    # What is left of 3 (x + h)^4 + 3 (x + h)^2 at x = 2, and of 3 (u + h)^2 + 3 (u + h); over the rest y is straight.
    left = {"x": 75 * h + 24 * h**2 + 3 * h**3, "u": 3 * h}.get(name, 0 * h)
    np.testing.assert_allclose(far, left, rtol=1e-7, atol=1e-10)


def test_the_chains_words_say_what_each_way_brings(chain):
    chain.choose("u")
    words = unmarked(chain.state["frames"][chain.frame]["words"])
    assert "Along u → v → y: 3 · 5 = 15, which moves y by +0.15." in words
    assert "Along u → w → y: 1 · 12 = 12, which moves y by +0.12." in words
    assert "dy/du = 27 (MV) foretells +0.27; y moves by +0.2703." in words
    assert "Left over: 0.0003, of second order" in words
    chain.choose("v")
    assert "Nothing is left over." in chain.state["frames"][chain.frame]["words"]


def test_every_factor_of_a_way_belongs_to_its_link(chain):
    chain.set("x", 1.5)
    assert_factors_belong(chain)


@pytest.mark.parametrize("name", NAMES)
def test_the_chains_lines_give_its_numbers(chain, name):
    chain.set("x", -0.7)
    chain.set("nudge", 0.05)
    chain.choose(name)
    reader = {}
    exec(chain.lines(), reader)
    assert {k: reader[k].value.item() for k in NAMES} == chain.values
    assert {k: float(reader["dy"][reader[k]]) for k in NAMES} == chain.adjoint
    assert reader["ratio"].item() == chain.moved(name)["y"][1]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("x", "abc", "x must be a number from -10 to 10; got 'abc'. It is left as it was."),
        ("x", "1e200", "x must be a number from -10 to 10; got '1e200'"),
        ("x", "nan", "x must be a number from -10 to 10"),
        ("nudge", "", "the nudge must be a number from -10 to 10; got ''"),
        ("nudge", "0", "the nudge must be at least 1e-08 up or down; got 0."),
        ("nudge", "inf", "the nudge must be a number from -10 to 10"),
    ],
)
def test_what_the_chain_cannot_take_is_refused_with_words_and_left_alone(chain, name, text, message):
    before = chain.state
    chain.set(name, text)
    assert chain.message.startswith(message)
    assert chain.state == before
    chain.set(name, "−0,5")
    assert chain.message == ""
    assert {"x": chain.x, "nudge": chain.nudge}[name] == -0.5


def test_what_is_out_of_range_from_python_is_refused_with_words(chain):
    chain.frame = 6
    assert (chain.frame, chain.message) == (0, "frame must be from 0 to 5; got 6.")
    chain.digits = 1
    assert (chain.digits, chain.message) == (6, "digits must be from 2 to 6; got 1.")
    chain.choose("z")
    assert (chain.frame, chain.message) == (0, "the node must be one of x, u, v, w, y; got 'z'.")


def test_rewinding_the_chain_brings_back_the_first_numbers(chain):
    first = chain.state
    chain.set("x", 1)
    chain.set("nudge", 1)
    chain.choose("w")
    chain.rewind()
    assert chain.state == first
    assert (chain.x, chain.nudge, chain.frame) == (2.0, 0.01, 0)


def test_the_browsers_questions_are_answered(chain):
    sent = []
    chain.send = sent.append
    chain._answer(None, {"do": "set", "place": "x", "text": "1.5"}, None)
    chain._answer(None, {"do": "set", "place": "x", "text": "abc"}, None)
    assert (sent, chain.x) == ([{"did": "set", "refused": False}, {"did": "set", "refused": True}], 1.5)
    chain._answer(None, {"do": "rewind"}, None)
    assert (sent[2]["did"], chain.x) == ("rewind", 2.0)


# The expression graph -------------------------------------------------------------------------------------------------

EXPRESSIONS = [
    "log(x) + x * y - sin(y)",
    "(x * y) * (x * y)",
    "x * x * x - 2 * x / y",
    "relu(x - y) + sigmoid(-y) * tanh(x)",
    "exp(-x ** 2) / (1 + y ** 2) ** 0.5",
    "pi * e * x + ln(4)",
    "-x",
    "1 / (x + 1) + x + 1.0",
]
NUMPY = {name: getattr(np, name) for name in ("exp", "log", "sin", "tanh")} | {"pi": np.pi, "e": np.e, "ln": np.log}
NUMPY |= {"relu": lambda a: np.maximum(a, 0), "sigmoid": lambda a: 1 / (1 + np.exp(-a))}


def value_by_numpy(expression, point):
    return eval(expression, NUMPY | dict(zip("xy", point, strict=True)))


@pytest.fixture
def experiment():
    return bp.widgets.expression_graph()


def read_number(text):
    return float(text.replace("×10", "e").translate(str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")))


def gradient(experiment):
    """Return df/dx and df/dy as the last frame shows them: what the first nodes, x and y, have gathered."""
    last = experiment.state["frames"][-1]["nodes"]
    told = {n["name"]: shown["lines"][0] for n, shown in zip(experiment.state["nodes"], last, strict=True)}
    return [read_number(told[name].split(" = ")[1]) if name in told else 0.0 for name in "xy"]


def test_the_expression_begins_with_the_numbers_of_the_chapter(experiment):
    f, x, y = experiment.nodes[-1], *experiment.nodes[:2]
    np.testing.assert_allclose(f.value, np.log(2) + 10 - np.sin(5), rtol=1e-15)
    np.testing.assert_allclose([experiment.adjoint[x], experiment.adjoint[y]], [5.5, 2 - np.cos(5)], rtol=1e-15)
    assert gradient(experiment) == [5.5, 1.71634]
    names = ["x", "y", "v₁ = log(x)", "v₂ = x · y", "v₃ = sin(y)", "v₄ = v₁ + v₂", "f = v₄ − v₃"]
    assert [node["formula"] for node in experiment.state["nodes"]] == names


@pytest.mark.equation("RM")
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_the_last_step_holds_the_gradient_wherever_the_sliders_stand(experiment, expression):
    experiment.set("expression", expression)
    for x, y in [(0.3, -4.0), (1.9, 0.7), (2.0, 5.0), (10.0, -10.0)]:
        experiment.set("y", y)
        experiment.set("x", x)
        assert experiment.message == ""
        value = experiment.state["frames"][-1]["nodes"][-1]["value"]
        np.testing.assert_allclose(value, value_by_numpy(expression, (x, y)), rtol=1e-12)
        nudged = bp.numerical_gradient(lambda point: value_by_numpy(expression, point), [x, y])
        np.testing.assert_allclose(gradient(experiment), nudged, rtol=1e-5, atol=1e-8)  # six digits are shown
        came_back = [float(experiment.adjoint[node]) for node in experiment.nodes if node.name in ("x", "y")]
        here = [slope for name, slope in zip("xy", nudged, strict=True) if name in expression]
        assert bp.relative_error(np.array(came_back), np.array(here)) < 1e-7


@pytest.mark.equation("FM")
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_forward_mode_agrees_with_what_came_back(experiment, expression):
    experiment.set("expression", expression)
    for node in [node for node in experiment.nodes if node.operation == "variable"]:
        tangent = experiment.tangent[node.name]
        np.testing.assert_allclose(tangent[experiment.nodes[-1]], experiment.adjoint[node], rtol=1e-13)


def test_steps_go_forward_node_by_node_and_back_in_reverse(experiment):
    frames = experiment.state["frames"]
    known = [sum(node["value"] is not None for node in frame["nodes"]) for frame in frames]
    assert known == [2, 3, 4, 5, 6, 7, 7, 7, 7, 7, 7, 7]
    gathered = [[bool(node["lines"][0]) for node in frame["nodes"]] for frame in frames]
    assert [sum(told) for told in gathered] == [0, 0, 0, 0, 0, 0, 1, 3, 5, 6, 7, 7]
    for frame, before in zip(frames[7:], gathered[6:], strict=False):
        now = [node["look"] for node in frame["nodes"]].index("now")
        assert before[now]  # what sends an adjoint on has one
        sent_twice = [node["look"] for node in frame["nodes"]].count("now")
        assert sent_twice == 1


def test_each_step_back_says_its_sum_with_numbers(experiment):
    words = [unmarked(frame["words"]) for frame in experiment.state["frames"]]
    assert words[3] == "v₃ = sin(y) = sin(5) = −0.958924"
    assert words[9] == "ȳ += v̄₃ · cos(y) = (−1) · 0.283662 = −0.283662"
    assert words[10] == "x̄ += v̄₂ · y = 1 · 5 = 5<br>\nȳ += v̄₂ · x = −0.283662 + 1 · 2 = 1.71634"
    assert words[11].startswith("x̄ += v̄₁ · (1/x) = 5 + 1 · 0.5 = 5.5<br>")
    assert experiment.state["frames"][10]["nodes"][0]["lines"][0] == "x̄ = 5 + …"


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_factor_of_a_local_rule_belongs_to_its_link(experiment, expression):
    experiment.set("expression", expression)
    assert_factors_belong(experiment)


def test_a_factor_that_belongs_to_the_next_link_is_refused(experiment):
    for frame in experiment.state["frames"]:
        frame["words"] = re.sub(r"l(\d)(?=\">)", lambda found: f"l{(int(found[1]) + 1) % 7}", frame["words"])
    with pytest.raises(AssertionError):
        assert_factors_belong(experiment)


def test_a_part_written_twice_is_one_node_and_its_uses_add(experiment):
    experiment.set("expression", "(x * y) * (x * y)")
    assert [node["name"] for node in experiment.state["nodes"]] == ["x", "y", "v₁", "f"]
    words = unmarked(experiment.state["frames"][-2]["words"])
    assert words == "v̄₁ += f̄ · v₁ = 1 · 10 = 10<br>\nv̄₁ += f̄ · v₁ = 10 + 1 · 10 = 20"


def test_a_constant_is_not_taken_for_a_node(experiment):
    # x is node 0: were 1.0 read as node 1, v₁, these two would be one.
    experiment.set("expression", "sin(x) * 1 + sin(x) * sin(x)")
    assert len(experiment.nodes) == 5
    np.testing.assert_allclose(experiment.nodes[-1].value, np.sin(2) + np.sin(2) ** 2, rtol=1e-15)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_the_expressions_lines_give_its_numbers(experiment, expression):
    experiment.set("expression", expression)
    experiment.set("x", "1.3")
    reader = {}
    exec(experiment.lines(), reader)
    assert reader["f"].value == experiment.nodes[-1].value
    for node in [node for node in experiment.nodes if node.operation == "variable"]:
        assert reader["adjoint"][reader[node.name]] == experiment.adjoint[node]
    first = experiment.nodes[0]
    assert reader["tangent"][reader["f"]] == experiment.tangent[first.name][experiment.nodes[-1]]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("expression", "(((", "the expression must read like log(x) + x * y; got '((('."),
        ("expression", "", "the expression must read like log(x) + x * y; got ''."),
        ("expression", "x = 3", "the expression must read like log(x) + x * y; got 'x = 3'."),
        ("expression", "x\0", "the expression must read like log(x) + x * y"),
        ("expression", "(" * 150, "the expression must read like log(x) + x * y"),
        ("expression", "2 + 3", "the expression must compute something from x or y; got '2 + 3'."),
        ("expression", "y", "the expression must compute something from x or y; got 'y'."),
        ("expression", "x + z", "the expression may hold the variables x and y; got z."),
        ("expression", "cos(x)", "the expression may hold numbers, x, y, + - * / **, brackets and the functions exp, "),
        ("expression", "x ^ 2", "the expression may hold numbers"),
        ("expression", "__import__('os').remove('x')", "the expression may hold numbers"),
        ("expression", "x.__class__", "the expression may hold numbers"),
        ("expression", "[x for x in (1, 2)]", "the expression may hold numbers"),
        ("expression", "True * x", "the expression may hold numbers"),
        ("expression", "sin(x, y)", "sin takes one argument, as in sin(x); got sin(x, y)."),
        ("expression", "x ** y", "the exponent must be a number; got x ** y."),
        (
            "expression",
            "9 ** 9 ** 9 * x",
            "the numbers in the expression must be below 1e100 in size; got 9 ** 9 ** 9.",
        ),
        ("expression", "x + 1 / 0", "the numbers in the expression must be below 1e100 in size; got 1 / 0."),
        ("expression", "-" * 100 + "x", "the expression must have at most 16 operations to be drawn"),
        ("expression", "x*" * 17 + "x", "the expression must have at most 16 operations to be drawn"),
        ("expression", "x + " * 60 + "x", "the expression must have at most 200 characters; got 241."),
        ("expression", "log(x - 5)", "log(v₁) = log(−3) is nan here: it needs an argument above 0."),
        ("expression", "y / (x - 2)", "y / v₁ = 5 / 0 is inf here: it needs a divisor other than 0."),
        ("expression", "(x - 2) ** 0.5", "the slope of v₁ ^ 0.5 = 0 ^ 0.5 is inf here"),
        ("expression", "exp(exp(exp(x)))", "exp(v₂) = exp(1618.18) is inf here: it needs a smaller argument."),
        ("x", "-1", "log(x) = log(−1) is nan here: it needs an argument above 0."),
        ("x", "two", "x must be a number from -100 to 100; got 'two'."),
        ("y", "1e9", "y must be a number from -100 to 100; got '1e9'."),
    ],
)
def test_what_the_expression_cannot_be_is_refused_with_words_and_nothing_is_lost(experiment, name, text, message):
    before = experiment.state
    experiment.frame = 4
    experiment.set(name, text)
    assert experiment.message.startswith(message)
    assert experiment.message.endswith(" It is left as it was.")
    assert (experiment.state, experiment.frame) == (before, 4)
    experiment.set("x", "3")
    assert (experiment.message, experiment.point["x"], experiment.frame) == ("", 3.0, 4)


def test_rewinding_the_expression_brings_back_the_first_one():
    experiment = bp.widgets.expression_graph("x * y")
    first = experiment.state
    experiment.set("x", 7)
    experiment.set("expression", "x - y")
    experiment.frame = 3
    experiment.rewind()
    assert (experiment.state, experiment.frame, experiment.expression) == (first, 0, "x * y")


def test_an_expression_from_python_that_cannot_be_is_a_value_error():
    with pytest.raises(ValueError, match=r"the expression must read like log\(x\) \+ x \* y; got 'x \+'"):
        bp.widgets.expression_graph("x +")


# The layout -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("expression", [*EXPRESSIONS, "(x*y)*(x*y) + tanh(3*x - y/2)**3 / exp(-x)"])
def test_nodes_stand_clear_of_each_other_and_numbers_on_links_too(expression):
    state = bp.widgets.expression_graph(expression).state
    at = np.array([node["at"] for node in state["nodes"]])
    labels = np.array([link["label"] for link in state["links"]])
    far = np.abs(at[:, None] - at[None, :])
    np.fill_diagonal(far[:, :, 0], np.inf)
    assert ((far[:, :, 0] >= 150) | (far[:, :, 1] >= 100)).all()
    for x, y in labels:
        assert (np.hypot(*(at - (x, y)).T) > 28).all()
    near = np.abs(labels[:, None] - labels[None, :])
    np.fill_diagonal(near[:, :, 0], np.inf)
    assert ((near[:, :, 0] >= 30) | (near[:, :, 1] >= 12)).all()
    for link in state["links"]:
        assert link["path"][0][0] < link["path"][-1][0]  # from left to right
        passing = np.array(link["path"][1:-1]).reshape(-1, 2)
        assert all((np.hypot(*(at - point).T) > 28).all() for point in passing)


def test_links_do_not_cross_where_they_need_not():
    state = bp.widgets.expression_graph("sin(y) * 2 + sin(x) * 3").state
    assert [node["name"] for node in state["nodes"]][:3] == ["x", "y", "v₁"]  # v₁ is sin(y), and would stand on top
    ends = [(link["path"][0], link["path"][-1]) for link in state["links"]]
    for (x0, top), (_, bottom) in ends:
        for (other_x0, other_top), (_, other_bottom) in ends:
            if x0 == other_x0:
                assert (top - other_top) * (bottom - other_bottom) >= 0


@pytest.mark.parametrize("nudge", [0.01, 1e-5, 1e-8])
@pytest.mark.parametrize("name", ["x", "u", "v", "w", "y"])
def test_what_is_left_over_is_called_nothing_only_where_it_is_nothing(name, nudge):
    chain = bp.widgets.chain()
    chain.set("nudge", nudge)
    chain.choose(name)
    words = chain.state["frames"][chain.frame]["words"]
    # y = 3 u^2 + 3 u and u = x^2 curve; v and w only scale.
    second = {"x": 36 * 4 + 6, "u": 6}.get(name, 0) / 2 * nudge**2
    assert ("Nothing is left over." in words) == (second == 0 and name != "y")
    assert ("is lost in rounding" in words) == (0 < second <= 1e-14 * 60)
    assert ("Left over: " in words) == (second > 1e-14 * 60)
    if "rounding" in words:
        assert "below 6×10⁻¹³" in words
