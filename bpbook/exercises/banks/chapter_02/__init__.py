"""Exercises of chapter 02: derivatives multiply along a chain and add over its branches."""

from . import backwards, branches, chains, jacobian

EXERCISES = [*chains.EXERCISES, *branches.EXERCISES, *backwards.EXERCISES, *jacobian.EXERCISES]
