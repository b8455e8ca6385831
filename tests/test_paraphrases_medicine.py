"""Right answers of chapter 11 written in other ways are right, and wrong ones that a reader could write are named."""

import math

import numpy as np
import pytest
import scipy.special  # noqa: F401 - what answers import is there before their time is taken
import sklearn.feature_selection
import sklearn.impute
import sklearn.metrics  # noqa: F401

from bpbook import exercises


def _logits(z1, have1, of1, z2, have2, of2):
    return [math.log(have / of / (1 - have / of)) for have, of in ((have1, of1), (have2, of2))]


PARAPHRASES = [
    (
        "rates",
        """
def rates(y, p, threshold):
    found = missed = rest = alarms = 0
    for ill, says in zip(y, p):
        if says >= threshold:
            found, alarms = found + ill, alarms + 1 - ill
        else:
            missed, rest = missed + ill, rest + 1 - ill
    return found / (found + missed), rest / (rest + alarms)
""",
    ),
    (
        "rates",
        """
def rates(y, p, threshold):
    from sklearn.metrics import recall_score
    called = ~(p < threshold)
    return [recall_score(y, called, pos_label=kind) for kind in (1, 0)]
""",
    ),
    (
        "rates",
        """
def rates(y, p, threshold):
    from sklearn.metrics import confusion_matrix
    return np.diag(confusion_matrix(y, p >= threshold, normalize="true"))[::-1]
""",
    ),
    (
        "rates",
        """
def rates(y, p, threshold):
    called = np.where(p < threshold, 0, 1)
    return {"specificity": (1 - called) @ (1 - y) / sum(1 - y), "sensitivity": called @ y / sum(y)}
""",
    ),
    (
        "sensitivity_in_the_test",
        """
def sensitivity_in_the_test(z, y, choose, test, least):
    ill = [z[k] for k in choose if y[k] == 1]
    line = max(t for t in ill if sum(v >= t for v in ill) >= least * len(ill))
    counted = [z[k] >= line for k in test if y[k] == 1]
    return sum(counted) / len(counted)
""",
    ),
    (
        "sensitivity_in_the_test",
        """
def sensitivity_in_the_test(z, y, choose, test, least):
    lines = np.unique(z[choose])[::-1]  # of everybody who chooses, from the top
    shares = np.array([(z[choose][y[choose] == 1] >= line).mean() for line in lines])
    line = lines[np.argmax(shares >= least)]
    return np.mean(z[test][y[test] == 1] >= line)
""",
    ),
    (
        "sensitivity_in_the_test",
        """
def sensitivity_in_the_test(z, y, choose, test, least):
    ill = np.sort(z[choose[y[choose] == 1]])
    line = ill[len(ill) - int(np.ceil(least * len(ill)))]
    return np.count_nonzero(z[test[y[test] == 1]] >= line) / np.count_nonzero(y[test])
""",
    ),
    (
        "sensitivity_in_the_test",
        """
def sensitivity_in_the_test(z, y, choose, test, least):
    from sklearn.metrics import roc_curve
    _, found, lines = roc_curve(y[choose], z[choose], drop_intermediate=False)
    line = lines[found >= least].max()
    return (z[test] >= line) @ y[test] / y[test].sum()
""",
    ),
    (
        "temperature_slope",
        """
def temperature_slope(z, y, T):
    total = 0.0
    for logits, right in zip(z, y):
        above = np.exp(logits / T - max(logits / T))
        p = above / above.sum()
        total += logits[right] - p @ logits
    return total / len(z) / T**2
""",
    ),
    (
        "temperature_slope",
        """
def temperature_slope(z, y, T):
    from scipy.special import softmax
    mean = (softmax(z / T, axis=1) * z).sum(axis=1)  # the logit that the network expects
    return np.mean(z[np.arange(len(y)), y] - mean) / (T * T)
""",
    ),
    (
        "temperature_slope",
        """
def temperature_slope(z, y, T):
    delta = bp.losses.softmax_cross_entropy.gradient(z / T, y)
    return np.einsum("ki,ki->", delta, -z / T**2)
""",
    ),
    (
        "temperature_slope",
        """
def temperature_slope(z, y, T):
    p = bp.losses.softmax(z / T)
    p[np.arange(len(y)), y] -= 1
    return [-np.average((p * z).sum(axis=1)) * T**-2.0]
""",
    ),
    (
        "temperature_slope",
        """
def temperature_slope(z, y, T):
    u = z / T
    e = np.exp(u - u.max(axis=1, keepdims=True))
    expected = (e * u).sum(axis=1) / e.sum(axis=1)
    return (u[range(len(y)), y] - expected).mean() / T
""",
    ),
    (
        "fill_gaps",
        """
def fill_gaps(learn, test):
    from sklearn.impute import SimpleImputer
    imputer = SimpleImputer(missing_values=-1, strategy="median").fit(learn)
    return imputer.transform(learn), imputer.transform(test)
""",
    ),
    (
        "fill_gaps",
        """
def fill_gaps(learn, test):
    learn, test = learn.copy(), test.copy()
    for i in range(learn.shape[1]):
        middle = np.median(learn[learn[:, i] != -1, i])
        for x in (learn, test):
            x[x[:, i] == -1, i] = middle
    return learn, test
""",
    ),
    (
        "fill_gaps",
        """
def fill_gaps(learn, test):
    middle = np.ma.median(np.ma.masked_less(learn, 0), axis=0).filled()
    return [[[m if v < 0 else v for v, m in zip(row, middle)] for row in x] for x in (learn, test)]
""",
    ),
    (
        "fill_gaps",
        """
def fill_gaps(learn, test):
    middle = []
    for column in learn.T:
        known = sorted(v for v in column if v > 0)
        half = len(known) // 2
        middle.append(known[half] if len(known) % 2 else (known[half - 1] + known[half]) / 2)
    filled = [x + (x == -1) * (np.array(middle) + 1) for x in (learn, test)]
    return {"learn": filled[0], "test": filled[1]}
""",
    ),
    (
        "choose_columns",
        """
def choose_columns(x, y, learn, k):
    people, ill = x[learn], y[learn] == 1
    scores = []
    for column in people.T:
        scores.append(abs(column[ill].mean() - column[~ill].mean()) / column.std(ddof=1))
    return sorted(sorted(range(len(scores)), key=lambda i: scores[i], reverse=True)[:k])
""",
    ),
    (
        "choose_columns",
        """
def choose_columns(x, y, learn, k):
    from sklearn.preprocessing import StandardScaler
    z, t = StandardScaler().fit_transform(x[learn]), y[learn]
    apart = np.abs(z.T @ (t / t.sum() - (1 - t) / (1 - t).sum()))
    return np.flatnonzero(apart >= np.sort(apart)[-k])
""",
    ),
    (
        "choose_columns",
        """
def choose_columns(x, y, learn, k):
    r = [np.corrcoef(x[learn, i], y[learn])[0, 1] for i in range(x.shape[1])]  # the same but for one factor
    return np.sort(np.argpartition(-np.abs(r), k)[:k])
""",
    ),
    (
        "choose_columns",
        """
def choose_columns(x, y, learn, k):
    from sklearn.feature_selection import SelectKBest, f_classif
    return SelectKBest(f_classif, k=k).fit(x[learn], y[learn]).get_support(indices=True)
""",
    ),
    ("cost_threshold", 'cost_threshold = "1 / (1 + k) + b / (k + 1)"'),
    ("cost_threshold", 'cost_threshold = "1 - (k - b) / (1 + k)"'),
    ("temperature_by_hand", 'temperature_by_hand = "sigmoid(-T * log(k))"'),
    ("temperature_by_hand", 'temperature_by_hand = "(1 / k)**T / (1 + (1 / k)**T)"'),
    ("temperature_by_hand", 'temperature_by_hand = "1 / (1 + exp(T * log(k)))"'),
    (
        "predictive_value",
        'predictive_value = "1 - specificity * (1 - prevalence) '
        '/ (specificity * (1 - prevalence) + prevalence - prevalence * sensitivity)"',
    ),
    ("line_elsewhere", 'line_elsewhere = "sigmoid(log(old / (1 - old)) - log(new / (1 - new)) - log(k))"'),
    ("line_elsewhere", 'line_elsewhere = "old * (1 - new) / (old * (1 - new) + k * new * (1 - old))"'),
    ("line_elsewhere", 'line_elsewhere = "1 / (1 + k * (1 / old - 1) / (1 / new - 1))"'),
    ("gradient_of_a_twin", 'gradient_of_a_twin = "(c)"'),
    ("what_auc_sees", "what_auc_sees = 'C.'"),
]
NUMBERS = [
    ("share_found", lambda s, c, called, people: np.linalg.solve([[s, 1 - c], [1, 1]], [called, people])[0]),
    ("share_found", lambda s, c, called, people: people * (called / people - 1 + c) / (s - (1 - c))),
    ("at_least_found", lambda people, ill, accuracy: (ill - round(people * (1 - accuracy))) / ill),
    ("at_least_found", lambda people, ill, accuracy: (accuracy - (1 - ill / people)) / (ill / people)),
    ("at_least_found", lambda people, ill, accuracy: round(1 - (people - accuracy * people) / ill, 3)),
    ("which_stretch", lambda *given: np.linalg.solve([[given[0], 1], [given[3], 1]], _logits(*given))[0]),
    ("which_stretch", lambda *given: np.polyfit([given[0], given[3]], _logits(*given), 1)[0]),
    ("twin_learned_from", lambda rows, folds: 1 - (rows / folds - 1) / (rows - 1)),
    ("twin_learned_from", lambda rows, folds: 1 - math.comb(rows // folds, 2) * folds / math.comb(rows, 2)),
    ("logit_moves_by", lambda w, v, r, a, s, t, scale: w * r / s * (scale - 1) + v * a / t * (scale - 1) * (scale + 1)),
    ("called_in_vain", lambda people, ill, specificity: people - ill - specificity * (people - ill)),
    ("called_in_vain", lambda people, ill, specificity: round((people - ill) * (1 - specificity))),
]
WRONG = [
    (
        "rates",
        """
def rates(y, p, threshold):
    from sklearn.metrics import recall_score
    return recall_score(y, p > threshold), recall_score(y, p > threshold, pos_label=0)
""",
        "exactly at the threshold",
    ),
    (
        "rates",
        """
def rates(y, p, threshold):
    from sklearn.metrics import precision_score, recall_score
    called = p >= threshold
    return recall_score(y, called), precision_score(y, called)
""",
        "positive predictive value",
    ),
    (
        "rates",
        """
def rates(y, p, threshold):
    called = p >= threshold
    return called[y == 1].mean(), called[y == 0].mean()
""",
        "share of false alarms",
    ),
    (
        "rates",
        """
def rates(y, p, threshold):
    called = p >= threshold
    return y[called].mean(), 1 - y[~called].mean()
""",
        "divided by the people who are called back",
    ),
    (
        "rates",
        """
def rates(y, p, threshold):
    from sklearn.metrics import confusion_matrix
    (a, b), (c, d) = confusion_matrix(y, p >= threshold)
    return a / (a + b), d / (c + d)
""",
        "are exchanged",
    ),
    (
        "rates",
        """
def rates(y, p, threshold):
    return (p[y == 1] >= threshold).mean(), (p[y == 0] <= threshold).mean()
""",
        "exactly at the threshold",
    ),
    (
        "rates",
        """
def rates(y, p, threshold):
    called = p >= threshold
    return sum(called & (y == 1)), sum(~called & (y == 0))
""",
        "counts of people",
    ),
    (
        "sensitivity_in_the_test",
        """
def sensitivity_in_the_test(z, y, choose, test, least):
    line = np.quantile(z[choose][y[choose] == 1], 1 - least)
    return (z[test][y[test] == 1] >= line).mean()
""",
        "interpolated quantile",
    ),
    (
        "sensitivity_in_the_test",
        """
def sensitivity_in_the_test(z, y, choose, test, least):
    ill = np.sort(z[choose][y[choose] == 1])
    line = ill[int((1 - least) * len(ill))]
    return (z[test][y[test] == 1] > line).mean()
""",
        "Somebody who is exactly at the threshold is called back too. See chapter 11",
    ),
    (
        "sensitivity_in_the_test",
        """
def sensitivity_in_the_test(z, y, choose, test, least):
    called = np.sort(z[choose][y[choose] == 1])[::-1]
    return (z[test][y[test] == 1] >= called[int(np.ceil(least * len(called)))]).mean()
""",
        "one person too low",
    ),
    (
        "sensitivity_in_the_test",
        """
def sensitivity_in_the_test(z, y, choose, test, least):
    ill = z[choose][y[choose] == 1]
    for line in sorted(ill, reverse=True):
        if (ill >= line).mean() >= least:
            return (z[test] >= line).mean()
""",
        "share of all test people",
    ),
    (
        "sensitivity_in_the_test",
        """
def sensitivity_in_the_test(z, y, choose, test, least):
    ill = z[choose][y[choose] == 1]
    for line in sorted(ill, reverse=True):
        if (ill >= line).mean() >= least:
            return line
""",
        "That is the threshold",
    ),
    (
        "sensitivity_in_the_test",
        """
def sensitivity_in_the_test(z, y, choose, test, least):
    for line in sorted(z[choose], reverse=True):
        if (z[choose] >= line).mean() >= least:
            return (z[test][y[test] == 1] >= line).mean()
""",
        "",
    ),
    (
        "sensitivity_in_the_test",
        """
def sensitivity_in_the_test(z, y, choose, test, least):
    return (z[test][y[test] == 1] >= 0).mean()
""",
        "whatever `least` says",
    ),
    (
        "temperature_slope",
        """
def temperature_slope(z, y, T, h=1e-6):
    def loss(T):
        u = z / T - (z / T).max(axis=1, keepdims=True)
        return np.mean(np.log(np.exp(u).sum(axis=1)) - u[np.arange(len(y)), y])
    return (loss(T + h) - loss(T - h)) / (2 * h)
""",
        "come from nudges",
    ),
    (
        "temperature_slope",
        """
def temperature_slope(z, y, T):
    p = bp.losses.softmax(z / T)
    return -np.mean((p - np.eye(z.shape[1])[y]) * z) / T**2
""",
        "Over the classes it is a sum",
    ),
    (
        "temperature_slope",
        """
def temperature_slope(z, y, T):
    p = bp.activations.sigmoid(z / T)
    return -((p - np.eye(z.shape[1])[y]) * z).sum(axis=1).mean() / T**2
""",
        "sigmoid of each logit by itself",
    ),
    (
        "temperature_slope",
        """
def temperature_slope(z, y, T):
    p = bp.losses.softmax(z / T)
    return ((p - np.eye(z.shape[1])[y]) * z).sum(axis=1).mean() / T**2
""",
        "The sign is reversed",
    ),
    (
        "temperature_slope",
        """
def temperature_slope(z, y, T):
    p = bp.losses.softmax(z / T)
    return -((p - y[:, None]) * z).sum(axis=1).mean() / T**2
""",
        "class numbers",
    ),
    (
        "fill_gaps",
        """
def fill_gaps(learn, test):
    from sklearn.impute import SimpleImputer
    imputer = SimpleImputer(missing_values=-1, strategy="median")
    return imputer.fit_transform(learn), imputer.fit_transform(test)
""",
        "a median of their own",
    ),
    (
        "fill_gaps",
        """
def fill_gaps(learn, test):
    from sklearn.impute import SimpleImputer
    imputer = SimpleImputer(missing_values=-1).fit(learn)
    return imputer.transform(learn), imputer.transform(test)
""",
        "These are means",
    ),
    (
        "fill_gaps",
        """
def fill_gaps(learn, test):
    middle = np.median(np.where(learn == -1, np.nan, learn), axis=0)
    return np.where(learn == -1, middle, learn), np.where(test == -1, middle, test)
""",
        "The median of a column that holds a nan is nan as well",
    ),
    (
        "fill_gaps",
        """
def fill_gaps(learn, test):
    middle = np.nanmedian(np.where(learn == -1, np.nan, learn), axis=0)
    learn[learn == -1] = np.take(middle, np.where(learn == -1)[1])
    test[test == -1] = np.take(middle, np.where(test == -1)[1])
    return learn, test
""",
        "changes its arguments",
    ),
    (
        "fill_gaps",
        """
def fill_gaps(learn, test):
    nan = [np.where(x == -1, np.nan, x) for x in (learn, test)]
    return [np.where(np.isnan(x), np.nanmedian(x, axis=1, keepdims=True), x) for x in nan]
""",
        "medians of all that was measured",
    ),
    (
        "fill_gaps",
        """
def fill_gaps(learn, test):
    return learn[(learn >= 0).all(axis=1)], test[(test >= 0).all(axis=1)]
""",
        "thrown away",
    ),
    (
        "choose_columns",
        """
def choose_columns(x, y, learn, k):
    from sklearn.feature_selection import SelectKBest
    return SelectKBest(k=k).fit(x, y).get_support(indices=True)
""",
        "helped to choose the columns",
    ),
    (
        "choose_columns",
        """
def choose_columns(x, y, learn, k):
    x, y = x[learn], y[learn]
    return np.argsort(-abs(x[y == 1].mean(axis=0) - x[y == 0].mean(axis=0)) / x.std(axis=0))[:k]
""",
        "ascending order",
    ),
    (
        "choose_columns",
        """
def choose_columns(x, y, learn, k):
    x, y = x[learn], y[learn]
    apart = (x[y == 1].mean(axis=0) - x[y == 0].mean(axis=0)) / x.std(axis=0)
    return sorted(np.argsort(apart)[-k:])
""",
        "Is an absolute value missing",
    ),
    (
        "choose_columns",
        """
def choose_columns(x, y, learn, k):
    x, y = x[learn], y[learn]
    apart = abs(x[y == 1].mean(axis=0) - x[y == 0].mean(axis=0)) / x.std(axis=0)
    return np.sort(apart)[-k:]
""",
        "largest differences themselves",
    ),
    (
        "choose_columns",
        """
def choose_columns(x, y, learn, k):
    x, y = x[learn], y[learn]
    apart = abs(x[y == 1].mean(axis=0) - x[y == 0].mean(axis=0)) / x.mean(axis=0)
    return np.sort(np.argsort(apart)[-k:])
""",
        "not by its mean",
    ),
    (
        "choose_columns",
        """
def choose_columns(x, y, learn, k):
    x, y = x[learn], y[learn]
    apart = abs(x[y == 1].mean(axis=0) - x[y == 0].mean(axis=0)) / x.std(axis=0)
    return apart >= np.sort(apart)[-k]
""",
        "as a mask",
    ),
    (  # whole numbers are right here, so nothing is said to be cut off
        "choose_columns",
        """
def choose_columns(x, y, learn, k):
    x, y = x[learn], y[learn]
    apart = abs(x[y == 1].mean(axis=0) - x[y == 0].mean(axis=0)) / abs(x).max(axis=0) ** 3
    return np.sort(np.argsort(apart)[-k:])
""",
        "fits no mistake this book knows",
    ),
    ("cost_threshold", 'cost_threshold = "(1 + b) / k"', "costs 1 - p, not 1"),
    ("cost_threshold", 'cost_threshold = "1 / (1 + k / (1 + b))"', "stay for the night as well"),
    ("temperature_by_hand", 'temperature_by_hand = "1 / (1 + k) ** T"', "odds that are raised"),
    ("temperature_by_hand", 'temperature_by_hand = "sigmoid(-log(k) / T)"', "You divided by T"),
    ("predictive_value", 'predictive_value = "1 - specificity"', "called back in vain"),
    (
        "predictive_value",
        'predictive_value = "prevalence * (1 - sensitivity) / (specificity - prevalence * specificity)"',
        "Those are odds",
    ),
    ("line_elsewhere", 'line_elsewhere = "1 / (1 + k * new / old)"', "the share over one minus the share"),
    (
        "line_elsewhere",
        'line_elsewhere = "log(old / (1 - old)) - log(new / (1 - new)) - log(k)"',
        "Make a probability of it",
    ),
    ("line_elsewhere", 'line_elsewhere = "1 / (1 + k + log(new / (1 - new)) - log(old / (1 - old)))"', "Not yet"),
    ("gradient_of_a_twin", 'gradient_of_a_twin = "b"', "The sum cannot grow"),
]


@pytest.mark.parametrize(("name", "source"), PARAPHRASES)
def test_a_right_answer_written_another_way_is_right(is_right, name, source):
    is_right(11, name, source)


def test_a_strict_comparison_and_an_interpolated_quantile_are_told_apart():
    exercise = exercises.chapter(11).sensitivity_in_the_test.exercise

    def strict(z, y, choose, test, least):
        ill = np.sort(z[choose][y[choose] == 1])[::-1]
        return (z[test][y[test] == 1] > ill[int(np.ceil(least * len(ill))) - 1]).mean()

    def interpolated(z, y, choose, test, least):
        return (z[test][y[test] == 1] >= np.quantile(z[choose][y[choose] == 1], 1 - least)).mean()

    for seed in range(20):
        verdict = exercise.judge(strict, np.random.default_rng(seed))
        assert verdict.message.startswith("Somebody who is exactly") and " Or: " not in verdict.message, verdict
        verdict = exercise.judge(interpolated, np.random.default_rng(seed))
        assert verdict.message.startswith("An interpolated quantile"), verdict


def test_a_number_that_is_near_by_chance_is_told_its_mistake():
    exercise = exercises.chapter(11).share_found.exercise
    for seed in range(120):
        _, specificity, called, _ = exercise.give(np.random.default_rng(seed))
        verdict = exercise.judge(called * specificity, np.random.default_rng(seed))
        assert verdict.message.startswith("Specificity is a share of those who do not have the disease"), verdict


@pytest.mark.parametrize(("name", "compute"), NUMBERS)
def test_a_right_number_computed_another_way_is_right(name, compute):
    exercise = exercises.chapter(11).questions[name].exercise
    for seed in range(5):
        given = exercise.give(np.random.default_rng(seed))
        assert exercise.judge(compute(*given), np.random.default_rng(seed)).status == "right", given


@pytest.mark.parametrize(("name", "source", "words"), WRONG)
def test_a_wrong_answer_gets_no_mark_and_its_own_words(is_wrong, name, source, words):
    is_wrong(11, name, source, words)
