"""The playground's face: its controls and pictures, and where they are on the board."""

import html
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets

from ..controls.by_hand import ByHand
from ..controls.inputs import Choice, Message, button, code
from ..views.plane import PlaneView
from .board import SettingControls
from .example import OneExample
from .network import NetworkPicture
from .training.settings import DEEPEST, WIDEST

__all__ = ["RUN", "Panel"]

EDGE, RUN = 1.5, 1000
"""Half the plane's width; epochs after which a run ends by itself."""
WIRES = "Wires: blue above 0, orange below, thick where large. Point at a unit, a wire or a bias; click to set it."
SHARE = "To share what you see, copy the line below. To take what was shared, paste it there and press Enter."
QUESTIONS = {
    False: "How few hidden units can tell the two classes apart? With which inputs is none needed?",
    True: "How few hidden units can follow the values? What keeps <i>C</i> above 0 on the points held out?",
}
"""Where the points have classes, and where they have values."""
HINT = (
    "Hollow: held out. Click a point to follow it back through the network; Shift and a click remove it. A click "
    "elsewhere adds one. Keys: arrows, Enter, Delete, and {}."
)
HINTS = {False: HINT.format("0 or 1 for its class"), True: HINT.format("0 or 1 for a value of −1 or 1")}
BRUSHES = {False: [("● class 1", 1), ("■ class 0", 0)], True: [("● value 1", 1), ("■ value −1", 0)]}
BUTTONS = {
    "train": ("Train", "Epoch after epoch"),
    "step": ("Step", "One epoch"),
    "rewind": ("Rewind", "Back to the weights of this seed"),
    "reset": ("Reset", "Every control as it was at first"),
    "example": ("One example", "Pause, and follow the point with the largest loss back through the network"),
    "clear": ("Clear points", "Remove every point"),
}


class Panel(ipywidgets.VBox):
    """The board, on which nothing happens by itself.

    Parameters
    ----------
    act : mapping of str to callable
        What each of `BUTTONS` does, and "set" (a weight by hand) and "back" (from an example to training).
    on_picture : mapping of str to callable
        What `NetworkPicture` hears.
    """

    train_button: ipywidgets.Button
    step_button: ipywidgets.Button
    rewind_button: ipywidgets.Button
    reset_button: ipywidgets.Button
    example_button: ipywidgets.Button
    clear_button: ipywidgets.Button

    def __init__(self, act: Mapping[str, Callable[[], None]], on_picture: Mapping[str, Callable[..., None]]) -> None:
        self.message = Message()
        edges = (-EDGE, EDGE, -EDGE, EDGE)
        self.view = PlaneView(edges, width=300, height=296, edit="points", name="Playground")
        self.curve = PlaneView((0, 10, 0, 1), ("epoch", "C"), 222, 150, name="Loss curve", quiet=True)
        self.network = NetworkPicture(WIDEST, DEEPEST, **on_picture)
        self.network.hint = WIRES
        self.settings, self.by_hand = SettingControls(), ByHand(act["set"])
        self.controls = self.settings.by_name
        self._make_controls(act)
        self.title, self.table = ipywidgets.HTML(), ipywidgets.HTML()
        self.progress = ipywidgets.HTML(layout={"width": "240px"})
        self.code, fold = code()
        fold.children = [ipywidgets.VBox([self.code, ipywidgets.HTML(SHARE), self.state])]
        self.example, rows = OneExample(act["back"]), [*self._rows(), fold]
        self._training = [self.title, *rows]
        super().__init__([self.title, self.example, self.message, *rows])
        self.add_class("bpbook-board")

    def _make_controls(self, act: Mapping[str, Callable[[], None]]) -> None:
        for name, (text, tooltip) in BUTTONS.items():
            setattr(self, f"{name}_button", button(text, tooltip, act[name], main=name == "train"))
        self.train_button.layout.width = "64px"  # whatever it says
        narrow: Any = {"layout": {"width": "178px"}, "style": {"description_width": "110px"}}
        self.pace = Choice(options=[1, 2, 5, 10, 50], value=2, description="epochs a picture", **narrow)
        self.brush = ipywidgets.ToggleButtons(options=BRUSHES[False])
        self.brush.style.button_width = "98px"
        self.discrete = ipywidgets.Checkbox(description="two colours only", indent=False)
        self.look = Choice(options=[("output", ())], description="coloured by", layout={"width": "222px"})
        self.state = ipywidgets.Text(description="state", continuous_update=False, layout={"width": "100%"})
        for control in [*self.settings.all(), self.by_hand.value, self.by_hand.weight, self.pace, self.look]:
            control.complain = self.message.refuse
        ipywidgets.link((self.brush, "value"), (self.view, "brush"))
        ipywidgets.link((self.discrete, "value"), (self.view, "discrete"))

    def _rows(self) -> list[ipywidgets.Widget]:
        row, column = ipywidgets.HBox, ipywidgets.VBox
        first = [getattr(self, f"{name}_button") for name in BUTTONS if name != "clear"]
        plane = column([self.view, row([self.brush, self.clear_button])])
        stage = ipywidgets.Box([self.network.add_class("bpbook-network-place"), plane]).add_class("bpbook-stage")
        right = column([self.curve, self.table, self.look, self.discrete], layout={"width": "232px"})
        below = row([right, self.settings]).add_class("bpbook-side-by-side")
        return [row([*first, self.pace, self.progress]), stage, self.controls["inputs"], below, self.by_hand]

    def show_training(self, shown: bool) -> None:
        """Show all that belongs to training, or nothing of it."""
        for row in self._training:
            row.layout.display = None if shown else "none"

    def show_valued(self, valued: bool) -> None:
        """Ask and say what fits points with values, or with classes."""
        self.title.value = f"<b>The playground.</b> {QUESTIONS[valued]}"
        self.view.hint = HINTS[valued]
        if list(self.brush.options) != BRUSHES[valued]:
            kept, self.brush.options = self.brush.value, BRUSHES[valued]
            self.brush.value = kept

    def show_progress(self, epoch: int, until: int | None) -> None:
        """Show how many epochs were trained, and how far a run has come that ends after `until`."""
        bar = ""
        if until is not None:
            value = epoch + RUN - until
            bar = f' of {until} <progress aria-label="training" max="{RUN}" value="{value}"></progress>'
        self.progress.value = f"epoch {epoch}{bar}"

    def show_code(self, lines: str, state: str) -> None:
        """Show the lines that make the numbers, and the state that can be shared."""
        self.code.value, self.shown_state = f"<pre>{html.escape(lines)}</pre>", state
        self.state.value = state
