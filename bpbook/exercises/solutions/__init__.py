"""Answers that are right, one module a chapter, each with SOLUTIONS by name: the text of an answer cell."""
