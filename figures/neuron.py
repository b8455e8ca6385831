"""Chapter 03: one neuron by hand, its values forward and its derivatives back."""

from matplotlib.figure import Figure

import bpbook as bp
from bpbook import plots

AT = {"x": (0.9, 2.95), "z": (3.2, 2.95), "a": (5.6, 2.95), "C": (7.9, 2.95), "b": (3.2, 4.25), "y": (7.9, 4.25)}
X, Y = 2.0, 1.0


def numbers() -> dict[str, str]:
    """Return every number of the figure, worked out by the network, as a fraction."""
    net = bp.MLP([1, 1], output="sigmoid", loss="squared_error")
    net.W[1][...], net.b[1][...] = 1.0, -2.0
    cache = net.forward([[X]])
    grads = net.backward(cache, [Y])
    values = {"x": X, "y": Y, "w": net.W[1][0, 0], "b": net.b[1][0], "z": cache.z[1][0, 0], "a": cache.a[1][0, 0]}
    values |= {"C": net.loss(cache, [Y]), "delta": grads.delta[1][0, 0], "dw": grads.dW[1][0, 0], "db": grads.db[1][0]}
    values |= {"da": values["a"] - Y, "slope": net.params.f[1].prime(cache.z[1])[0, 0]}
    return {name: plots.number(value, fraction=True) for name, value in values.items()}


N = numbers()
ALT = (
    f"One sigmoid neuron. Forward, in blue: x = {N['x']}, w = {N['w']} and b = {N['b']} give z = {N['z']}; "
    f"a = {N['a']}; with y = {N['y']} the loss C is {N['C']}. Back, in orange: dC/da = {N['da']}, times "
    f"f'(z) = {N['slope']}, gives delta = {N['delta']}; times x it is ∂C/∂w = {N['dw']}; delta itself is "
    f"∂C/∂b = {N['db']}."
)


def draw() -> Figure:
    """Draw the way to the loss above, and the way back below it."""
    figure, ax = plots.canvas(8.8, 4.8)
    for start, end in ("xz", "za", "aC", "bz", "yC"):
        plots.arrow(ax, AT[start], AT[end], color=plots.POSITIVE, gap=0.38, lw=2)
    for name, at in AT.items():
        plots.node(ax, at, N[name], radius=0.36, size=13, color=plots.NEUTRAL if name in "Cy" else plots.POSITIVE)
    for name in "xby":
        plots.label(ax, (AT[name][0] - 0.52, AT[name][1]), f"${name}$", size=13)
    plots.label(ax, (2.05, 3.17), f"$w = {N['w']}$", color=plots.POSITIVE, size=12)
    plots.label(ax, (3.55, 3.5), "$z = w x + b$", size=12, ha="left")
    plots.label(ax, (5.6, 3.5), "$a = f(z)$", size=12)
    plots.label(ax, (7.65, 3.5), "$C = (a - y)^2 / 2$", size=12, ha="right")

    back = 1.4
    plots.arrow(ax, (7.9, 2.5), (7.05, back + 0.08), color=plots.NEGATIVE, gap=0, lw=2)
    plots.label(ax, (6.05, back), rf"$dC/da = a - y = {N['da']}$", color=plots.NEGATIVE, size=13)
    plots.arrow(ax, (5.0, back), (3.9, back), color=plots.NEGATIVE, gap=0, lw=2)
    plots.label(ax, (4.45, back + 0.25), rf"$\times\; f'(z) = {N['slope']}$", color=plots.NEGATIVE, size=12)
    plots.label(ax, (3.2, back), rf"$\delta = {N['delta']}$", color=plots.NEGATIVE, size=13)
    for height, text in (
        (back + 0.45, rf"$\partial C/\partial w = x\,\delta = {N['dw']}$"),
        (back - 0.45, rf"$\partial C/\partial b = \delta = {N['db']}$"),
    ):
        plots.arrow(ax, (2.65, back), (2.2, height), color=plots.NEGATIVE, gap=0, lw=2)
        plots.label(ax, (2.1, height), text, color=plots.NEGATIVE, size=13, ha="right")
    plots.label(ax, (0.2, 4.5), "forward", color=plots.POSITIVE, size=12, ha="left")
    plots.label(ax, (0.2, 0.35), "backward", color=plots.NEGATIVE, size=12, ha="left")
    return figure


if __name__ == "__main__":
    plots.save_svg(draw(), __file__, ALT)
