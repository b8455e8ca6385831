"""Right answers of chapter 00."""

SOLUTIONS = {
    "first_answer": "a, b = q.first_answer.given()\nfirst_answer = a + b",
    "what_is_blank": 'what_is_blank = "b"',
}
