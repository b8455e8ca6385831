"""Right answers of chapter 00."""

SOLUTIONS = {
    "first_answer": "a, b = q.first_answer.given()\nfirst_answer = a + b",
    "what_is_blank": 'what_is_blank = "b"',
    "squares": "numbers = q.squares.given()\nsquares = numbers**2",
    "mean_of": "def mean_of(numbers):\n    return np.mean(numbers)",
    "one_more": "def one_more(numbers):\n    return numbers + 1",
    "slope_of_square": 'slope_of_square = "2 * x"',
    "gradient_of_squares": "def gradient_of_squares(w):\n    return 2 * w",
    "cross_and_shape": 'cross_and_shape = "c"',
}
