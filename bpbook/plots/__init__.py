"""Plots: data in, axes out. Nothing is trained here.

Every function takes the data and an optional `ax`, and returns the axes. `show` puts a finished figure on the page
with its description for those who cannot see it.
"""

from .curves import curve_with_tangent, learning_curves, spread
from .digits import confusion_matrix, digit, digit_grid, there_and_back, weight_maps
from .draw import NEGATIVE, NEUTRAL, POSITIVE, arrow, box, canvas, label, matrix, node, number, tag
from .driving import camera_pictures, road_from_above
from .layers import sizes_by_layer
from .market import by_year, with_and_without
from .page import show, style
from .people import people
from .sound import sound_wave, spectrogram, spoken_words
from .surfaces import descent_path
from .svg import save_svg
from .training import schedules

__all__ = [
    "NEGATIVE",
    "NEUTRAL",
    "POSITIVE",
    "arrow",
    "box",
    "by_year",
    "camera_pictures",
    "canvas",
    "confusion_matrix",
    "curve_with_tangent",
    "descent_path",
    "digit",
    "digit_grid",
    "label",
    "learning_curves",
    "matrix",
    "node",
    "number",
    "people",
    "road_from_above",
    "save_svg",
    "schedules",
    "show",
    "sizes_by_layer",
    "sound_wave",
    "spectrogram",
    "spoken_words",
    "spread",
    "style",
    "tag",
    "there_and_back",
    "weight_maps",
    "with_and_without",
]
