"""Chapter 02: a chain with a branch; values forward, derivatives back."""

from matplotlib.figure import Figure

from bpbook import plots

ALT = (
    "A small graph: x = 2 leads to u = x squared = 4; u leads to v = 3 u = 12 and to w = u + 1 = 5; both lead to "
    "y = v w = 60. Blue numbers on the links are the local derivatives: 4 from x to u, 3 from u to v, 1 from u to w, "
    "5 from v to y, 12 from w to y. Orange numbers below the nodes are dy/d of each: 108 at x, 27 at u, 5 at v, 12 at "
    "w, 1 at y."
)
AT = {"x": (0.9, 2.2), "u": (3.1, 2.2), "v": (5.5, 3.2), "w": (5.5, 1.2), "y": (7.9, 2.2)}
FORMULA = {"x": "$x$", "u": "$u = x^2$", "v": "$v = 3u$", "w": "$w = u + 1$", "y": "$y = v\\,w$"}
VALUE = {"x": 2, "u": 4, "v": 12, "w": 5, "y": 60}
ADJOINT = {"x": 108, "u": 27, "v": 5, "w": 12, "y": 1}
LINKS = [("x", "u", 4), ("u", "v", 3), ("u", "w", 1), ("v", "y", 5), ("w", "y", 12)]


def draw() -> Figure:
    """Draw the five nodes, their values, the local derivative of each link and what comes back to each node."""
    figure, ax = plots.canvas(8.8, 4.4)
    for start, end, slope in LINKS:
        (x0, y0), (x1, y1) = AT[start], AT[end]
        plots.arrow(ax, AT[start], AT[end], gap=0.36, lw=1.8)
        up = 0.26 if y1 >= y0 and start != "w" else -0.26
        plots.label(ax, ((x0 + x1) / 2, (y0 + y1) / 2 + up), f"× {slope}", color=plots.POSITIVE, size=12)
    for name, (left, height) in AT.items():
        plots.node(ax, (left, height), str(VALUE[name]), radius=0.34)
        plots.label(ax, (left, height + 0.55), FORMULA[name], size=12)
        back = rf"$\partial y/\partial {name} = {ADJOINT[name]}$"
        plots.label(ax, (left, height - 0.56), back, color=plots.NEGATIVE, size=12)
    plots.label(ax, (0.2, 4.15), "in the circles: values", ha="left")
    plots.label(ax, (0.2, 3.85), "on the links: local derivatives", ha="left", color=plots.POSITIVE)
    plots.label(ax, (0.2, 3.55), "below: what comes back from y", ha="left", color=plots.NEGATIVE)
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
