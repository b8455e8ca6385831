"""Every mend mends: the code that a message proposes is taken out of the message and run."""

import datetime
import decimal
import re
import types
import warnings

import numpy as np
import pytest

import bpbook as bp
from bpbook import checks, losses

X = np.random.default_rng(0).normal(size=(6, 3))
Y = np.array([0, 1, 2, 0, 1, 2])
WORDS = ["b", "a", "c", "b", "a", "c"]


class Missing:
    """As pandas.NA: neither a number nor equal to anything."""

    def __float__(self):
        raise TypeError("float() argument must be a string or a real number, not 'NAType'")


Missing.__name__ = "NAType"


class Table:
    """What a pandas table or column shows of itself here: an array of objects, `iloc` and `dropna`."""

    def __init__(self, rows, dtype=object):
        self.values = np.array(rows, dtype=dtype)

    def __array__(self, dtype=None, copy=None):
        return self.values.astype(dtype or self.values.dtype)

    def __len__(self):
        return len(self.values)

    @property
    def iloc(self):
        return self.values

    @property
    def shape(self):
        return self.values.shape

    def dropna(self):
        rows = self.values.reshape(len(self.values), -1)
        keep = [not any(isinstance(entry, Missing) for entry in row) for row in rows]
        return Table(self.values[keep])

    def astype(self, dtype):
        return self.values.astype(dtype)


class Sparse:
    """What a sparse matrix shows of itself: no array, but `toarray`."""

    def __init__(self, array):
        self.dense = array

    def toarray(self):
        return self.dense


def get_dummies(table, dtype):
    """As pandas.get_dummies: columns of numbers stay, each word of the others gets a column."""
    columns = []
    for column in table.values.T:
        words = np.unique(column) if isinstance(column[0], str) else [None]
        columns += [column if word is None else column == word for word in words]
    return np.array(columns).T.astype(dtype)


def proposed(message):
    """Return the code that a message proposes, or None."""
    found = re.search(r"(?:[Pp]ass|Put) (.*?)(?:, which| and leave|, and| if that is meant| in its place|\.$)", message)
    return found and found.group(1)


def mended(call, x, y):
    """Call, and whenever it refuses do as the message says, up to three times; return the messages."""
    messages = []
    for _ in range(4):
        try:
            call(x, y)
        except (TypeError, ValueError) as refusal:
            messages.append(str(refusal))
            names = {"x": x, "y": y, "np": np, "pandas": types.SimpleNamespace(get_dummies=get_dummies)}
            array = eval(proposed(messages[-1]), names)
            x, y = (x, array) if messages[-1].startswith("y") else (array, y)
        else:
            return messages
    raise AssertionError(messages)


def network(x, y):
    bp.MLP([3, 4, 3], seed=0).fit(x, y, epochs=1, progress=False)


CASES = [
    (
        "words as y",
        X,
        WORDS,
        r"^y must hold real numbers; got the word 'b'\. Pass np\.unique\(y, return_inverse=True\)",
    ),
    ("an array of words as y", X, np.array(WORDS), "got the word"),
    ("words of any length as y", X, np.array(WORDS, dtype=np.dtypes.StringDType()), "got the word"),
    ("objects of words as y", X, np.array(WORDS, dtype=object), "got the word"),
    ("a categorical as y", X, Table(WORDS), "got the word"),
    ("a column of words as y", X, np.array(WORDS)[:, None], r"Pass np\.unique\(np\.ravel\(y\), return_inverse"),
    ("a table of one column as y", X, Table([[word] for word in WORDS]), r"np\.ravel\(y\)"),
    ("bytes as y", X, np.array(WORDS, dtype=bytes), "got the word"),
    ("sparse x", Sparse(X), Y, r"^x must be an array; got a sparse Sparse\. Pass x\.toarray\(\)\.$"),
    ("numbers as text", X.astype(str), Y, r"got dtype <U\d+\. Pass np\.array\(x, dtype=float\) if that is meant"),
    ("decimals", [[decimal.Decimal(1)] * 3] * 6, Y, r"got dtype object\. Pass np\.array\(x, dtype=float\)"),
    ("a table of numbers and truths", Table([[1, True, 0.5]] * 6), Y, r"Pass np\.array\(x, dtype=float\)"),
    ("complex x", X + 0j, Y, r"Pass x\.real"),
    ("complex x in lists", (X + 0j).tolist(), Y, r"Pass np\.array\(x\)\.real"),
    ("named columns", np.array([(1.0, 2, 3.5)] * 6, dtype="f8,i4,f4"), Y, r"Pass np\.array\(x\.tolist\(\)\)"),
    ("a generator of rows", (row for row in X), Y, r"can be read only once\. Pass np\.array\(list\(x\)\)\.$"),
    (
        "words beside numbers as y",
        X,
        np.array(["b", 1, "c"] * 2, dtype=object),
        r"Pass np\.unique\(np\.ravel\(y\)\.astype\(str\)",
    ),
    ("columns for rows", X.T, Y, r"pass x\.T"),
    ("columns for rows in lists", X.T.tolist(), Y, r"pass np\.array\(x\)\.T"),
    ("images", X.reshape(6, 3, 1), Y, r"pass x\.reshape\(len\(x\), -1\)"),
    ("images in lists", X.reshape(6, 3, 1).tolist(), Y, r"pass np\.array\(x\)\.reshape"),
    ("classes from 1 in lists", X, [1, 2, 3, 1, 2, 3], r"pass np\.array\(y\) - 1"),
    ("classes as floats in lists", X, [0.0, 1.0, 2.0] * 2, r"Pass np\.array\(y\)\.astype\(int\)"),
    ("a column of classes in lists", X, Y[:, None].tolist(), r"pass np\.array\(y\)\.ravel\(\)"),
    ("one-hot columns in lists", X, np.eye(3)[Y].T.tolist(), r"pass np\.array\(y\)\.T"),
]


@pytest.mark.parametrize(("x", "y", "message"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_code_of_a_message_mends_what_it_complains_of(x, y, message):
    messages = mended(network, x, y)
    assert len(messages) == 1 and "\n" not in messages[0] and re.search(message, messages[0]), messages


def test_the_words_are_numbered_in_their_order():
    with pytest.raises(TypeError) as refusal:
        network(X, WORDS)
    np.testing.assert_array_equal(eval(proposed(str(refusal.value)), {"y": WORDS, "np": np}), [1, 0, 2, 1, 0, 2])


def test_validation_targets_of_words_are_mended_in_the_readers_own_words():
    with pytest.raises(
        TypeError, match=r"^validation y must hold real numbers; got the word 'b'\. Pass np\.unique\(y,"
    ):
        bp.MLP([3, 3]).fit(X, Y, validation=(X, WORDS), progress=False)


def test_words_in_one_column_of_x_become_a_column_for_each():
    x = np.array([[1.5, "red", 0], [2.5, "blue", 1], [0.5, "red", 1]], dtype=object)
    with pytest.raises(TypeError, match=r"^x must hold real numbers; got the word 'red' in column 1\. Put ") as refusal:
        checks.inputs(x, 3)
    columns = eval(proposed(str(refusal.value)), {"x": x, "np": np})
    np.testing.assert_array_equal(columns, [[0, 1], [1, 0], [0, 1]])
    with pytest.raises(TypeError, match="the word 'red' in column 1") as refusal:
        checks.inputs(x.tolist(), 3)  # which become text altogether
    np.testing.assert_array_equal(eval(proposed(str(refusal.value)), {"x": x.tolist(), "np": np}), columns)


def test_words_in_a_table_become_columns():
    x = Table([[1.5, "red"], [2.5, "blue"]])
    mended(lambda x, y: checks.inputs(x, 3), x, None)
    with pytest.raises(
        TypeError, match=r"Pass pandas\.get_dummies\(x, dtype=float\), which has a column for each word"
    ):
        checks.inputs(x, 2)


@pytest.mark.parametrize("argument", ["x", "y"])
def test_missing_values_of_a_table_are_left_out_on_both_sides(argument):
    rows = [[1, 2, 3], [4, Missing(), 6], [7, 8, 9]]
    value, other = (Table(rows), "y") if argument == "x" else (Table([1, Missing(), 2]), "x")
    place = "row 1 in column 1" if argument == "x" else "row 1"
    message = (
        rf"got a missing value in {place}\. Pass {argument}\.dropna\(\)\.astype\(float\), and leave the same rows out"
    )
    with pytest.raises(TypeError, match=rf"{message} of {other}\.$") as refusal:
        checks.numeric(argument, value)
    kept = eval(proposed(str(refusal.value)), {argument: value})
    assert checks.numeric(argument, kept).shape[0] == 2


def test_missing_values_elsewhere_get_words_and_no_code():
    for missing in (Missing(), None):
        with pytest.raises(
            TypeError, match=r"got a missing value in row 1 in column 0\. Fill it in, or leave such rows"
        ):
            checks.numeric("x", np.array([[1, 2], [missing, 3]]))
    with pytest.raises(
        TypeError, match=r"got the word 'a'\. Some are missing: fill them in, or leave such rows out\.$"
    ):
        checks.numeric("y", np.array(["a", None, "b"], dtype=object))
    with pytest.raises(TypeError, match=r"got the word 'a' in column 0\. Some are missing: fill them in"):
        checks.numeric("x", np.array([["a", 1.0], ["b", 2.0], [None, 3.0]], dtype=object))


def test_missing_class_numbers_are_missing_and_no_values():
    with pytest.raises(
        ValueError, match=r"^y must be finite; got nan at index 1\. Remove such examples or fill them in"
    ):
        checks.targets([0, np.nan, 2], m=3, n_L=3, kind="classes")


DAYS = [datetime.date(2024, 1, 1), datetime.date(2024, 1, 3)]


@pytest.mark.parametrize(
    "value",
    [
        np.array(DAYS, dtype="M8[D]"),
        np.array(DAYS, dtype="M8[ns]"),
        DAYS,
        Table(DAYS),
        np.array([datetime.datetime(2024, 1, 1, 12), datetime.datetime(2024, 1, 3)]),
    ],
)
def test_dates_become_days(value):
    with pytest.raises(
        TypeError, match=r"^x must hold real numbers; got (a date|dates)\. P.*which counts days\.$"
    ) as refusal:
        checks.numeric("x", value)
    days = checks.numeric("x", eval(proposed(str(refusal.value)), {"x": value, "np": np}))
    assert days[1] - days[0] == 2


@pytest.mark.parametrize("make", [np.array, Table, list])
def test_dates_in_one_column_become_days_in_one_column(make):
    x = make([[1.0, day] for day in DAYS])
    with pytest.raises(TypeError, match=r"^x must hold real numbers; got a date in column 1\. Put ") as refusal:
        checks.numeric("x", x)
    assert np.diff(eval(proposed(str(refusal.value)), {"x": x, "np": np})) == 2


@pytest.mark.parametrize("value", [np.array(["2024-01-01", "NaT"], "M8[D]"), np.array(["NaT", 1], "m8[D]")])
def test_a_date_that_is_missing_becomes_no_number(value):
    # NumPy makes -9.2e18 of it, which is finite: the code for dates would run, and nobody would hear of it.
    row = int(np.isnat(value).argmax())
    with pytest.raises(TypeError, match=rf"got a missing value in row {row}\. Fill it in, or leave such rows out\.$"):
        checks.numeric("x", value)
    with pytest.raises(TypeError, match=rf"got a missing value in row {row}\. Pass x\.dropna\(\), and leave the same"):
        checks.numeric("x", Table(value))
    with pytest.raises(TypeError, match="got a missing value in row 1 in column 1"):
        checks.numeric("x", [[1.0, DAYS[0]], [2.0, None]])


def test_a_number_beyond_float64_gets_words():
    with pytest.raises(TypeError, match=r"got 10+\.\.\. in column 1, which float64 cannot hold\. Scale it down\.$"):
        checks.numeric("x", [[1, 10**400]])


def test_a_complex_number_among_objects_gets_a_mend_that_runs():
    value = np.array([1, 2 + 1j], dtype=object)
    with pytest.raises(
        TypeError, match=r"got \(2\+1j\)\. Pass np\.array\(x, dtype=complex\)\.real if that is meant\.$"
    ):
        checks.numeric("x", value)
    np.testing.assert_allclose(checks.numeric("x", np.array(value, dtype=complex).real), [1, 2])


def test_a_table_whose_columns_are_arrays_gets_words():
    with pytest.raises(TypeError, match=r"^x must hold real numbers; got .*, a tuple\. Put a number in its place\.$"):
        checks.numeric("x", np.zeros(2, dtype=[("a", float, 2), ("b", float)]))


def test_durations_in_one_column_become_days_in_one_column():
    x = [[1.0, datetime.timedelta(2)], [2.0, datetime.timedelta(5)]]
    with pytest.raises(TypeError, match=r"got a duration in column 1\. Put ") as refusal:
        checks.numeric("x", x)
    assert np.diff(eval(proposed(str(refusal.value)), {"x": x, "np": np})) == 3


def test_durations_become_days():
    x = np.array([1, 36], dtype="m8[D]")
    with pytest.raises(TypeError, match=r"^x must hold real numbers; got durations\.") as refusal:
        checks.numeric("x", x)
    np.testing.assert_array_equal(eval(proposed(str(refusal.value)), {"x": x, "np": np}), [1, 36])


@pytest.mark.parametrize("value", [object(), {"a": 1}, [[1, 2, {}]], {1, 2}, None])
def test_what_no_code_can_mend_gets_words_and_no_code(value):
    with pytest.raises(
        TypeError, match=r"^x must hold real numbers; got .* a [A-Za-z]+\. Put a number in its place\.$"
    ):
        checks.numeric("x", value)


# Advice: what can be trained on, but badly ------------------------------------------------------------------------


def advice_of(net, x, y, **how):
    """Return the sentences that a fit says beside its work."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        net.fit(x, y, progress=False, **how)
    return [str(warning.message) for warning in caught]


RNG = np.random.default_rng(0)
PIXELS = RNG.integers(0, 256, (40, 6)).astype(np.uint8)
COLUMNS = RNG.normal(size=(40, 6)) * [1, 1, 1, 650, 1, 0]


@pytest.mark.parametrize("x", [PIXELS, COLUMNS, COLUMNS.tolist(), COLUMNS.astype(np.float32)], ids=str)
def test_advice_on_the_scale_of_x_is_given_once_and_its_code_silences_it(x):
    y = np.arange(40) % 2
    net = bp.MLP([6, 3, 2])
    (advice,) = advice_of(net, x, y, epochs=1)
    assert advice_of(net, x, y, epochs=1) == []
    mended = eval(proposed(advice), {"np": np, "x": x})
    assert advice_of(bp.MLP([6, 3, 2]), mended, y, epochs=1) == []


def test_a_loss_that_explodes_without_overflow_is_remarked_on_once():
    x, y = COLUMNS / 650, 1e3 * np.arange(40)
    net = bp.MLP([6, 3, 1], hidden="tanh", loss="squared_error")
    (advice,) = advice_of(net, x, y, epochs=12, optimizer=bp.GradientDescent(0.8))
    assert re.match(r"the loss rose from .* to .*, so the steps are too long\. Try a smaller eta than 0\.8, or", advice)
    assert advice_of(net, x, y, epochs=1) == []
    tamed = bp.MLP([6, 3, 1], hidden="tanh", loss="squared_error")
    assert advice_of(tamed, x, y / 1e3, epochs=12, optimizer=bp.GradientDescent(0.01)) == []


@pytest.mark.parametrize("load", [bp.datasets.digits, bp.datasets.writers], ids=lambda load: load.__name__)
def test_no_advice_on_the_book_s_own_data(load):
    x, y = load()[:2]
    assert advice_of(bp.MLP([x.shape[1], 4, int(y.max()) + 1]), x, y, epochs=1) == []


# Targets that broadcasting would accept -------------------------------------------------------------------------

MISFITS = {
    "a column wanted": ([2, 3, 1], "squared_error", np.ones(4), r"\(4, 1\); got \(4,\)\. Pass"),
    "a list": ([2, 3, 1], "binary_cross_entropy", [0, 1, 1, 0], r"\(4, 1\); got \(4,\)\. Pass"),
    "a column of class numbers": ([2, 3, 4], "softmax_cross_entropy", np.array([[0], [1], [2], [3]]), "np.ravel"),
    "one for all": (
        [2, 3, 4],
        "softmax_cross_entropy",
        np.array([1]),
        r"or \(4,\) for class numbers; got \(1,\)\. Check",
    ),
    "a row": ([2, 3, 2], "squared_error", np.ones((1, 2)), "Check that x and y hold the same examples"),
    "a number": ([2, 3, 2], "squared_error", np.float64(1), "Check that x and y hold the same examples"),
}


@pytest.mark.parametrize(("sizes", "name", "y", "words"), MISFITS.values(), ids=MISFITS)
def test_the_plain_functions_refuse_targets_that_would_broadcast(sizes, name, y, words):
    params, loss = bp.MLP(sizes, loss=name).params, losses.get(name)
    cache = bp.forward(params, np.ones((4, 2)))
    for call in (lambda y: bp.backward(params, cache, y, loss), lambda y: loss(cache.a[-1], y)):
        with pytest.raises(ValueError, match=words) as caught:
            call(y)
        if code := proposed(str(caught.value)):
            call(eval(code, {"np": np, "y": y}))
