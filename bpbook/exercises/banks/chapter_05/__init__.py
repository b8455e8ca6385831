"""Exercises of chapter 05: a network of any depth, and the checks that show whether its gradients are right."""

from . import by_hand, checking, network

EXERCISES = [*by_hand.EXERCISES, *network.EXERCISES, *checking.EXERCISES]
