"""Exercises of chapter 03: one sigmoid neuron, its gradient by hand, and its way down."""

from . import by_hand, cross_entropy, descent, gradient, sigmoid, training

EXERCISES = [
    *sigmoid.EXERCISES,
    *by_hand.EXERCISES,
    *gradient.EXERCISES,
    *descent.EXERCISES,
    *cross_entropy.EXERCISES,
    *training.EXERCISES,
]
