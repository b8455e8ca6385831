"""Exercises of chapter 08: who is held out, what the network is shown, what its gradient says, and how sure it is."""

from . import certainty, gradients, people, pictures

EXERCISES = [*people.EXERCISES, *pictures.EXERCISES, *gradients.EXERCISES, *certainty.EXERCISES]
