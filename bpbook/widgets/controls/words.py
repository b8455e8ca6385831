"""Numbers in words that a browser can show, in HTML and inside a picture alike."""

__all__ = ["bracketed", "number", "place_name", "read", "symbol"]

SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def number(value: float, digits: int = 6) -> str:
    """Return at most so many significant digits, never -0.

    Examples
    --------
    >>> number(-0.5), number(2e-9), number(-0.0)
    ('−0.5', '2×10⁻⁹', '0')
    """
    mantissa, _, exponent = f"{value + 0.0:.{digits}g}".replace("-", "−", 1).partition("e")
    return mantissa + (f"×10{str(int(exponent.replace('−', '-'))).translate(SUPERSCRIPT)}" if exponent else "")


def bracketed(value: float) -> str:
    """Return the number, in brackets when it is negative."""
    return f"({number(value)})" if value < 0 else number(value)


def symbol(letter: str, layer: int, units: tuple[int, ...]) -> str:
    """Return the symbol of a weight or a bias as a picture writes it.

    Examples
    --------
    >>> symbol("w", 1, (0, 2)), symbol("b", 2, (10,))
    ('w₀₂¹', 'b₁₀²')
    """
    joined = ("," if max(units) > 9 else "").join(map(str, units))
    return f"{letter}{joined.translate(SUBSCRIPT)}{str(layer).translate(SUPERSCRIPT)}"


def place_name(place: tuple[int, ...]) -> str:
    """Return W[l][i, j] for the weight (l, i, j), or b[l][j] for the bias (l, j)."""
    l, *units = place
    return f"{'W' if len(units) == 2 else 'b'}[{l}]{units}"


def read(typed: object) -> float | str:
    """Return the number that was typed, with a real minus or a decimal comma if they like; else the text itself.

    Examples
    --------
    >>> read("−0,5"), read("much")
    (-0.5, 'much')
    """
    text = str(typed)
    try:
        return float(text.replace("−", "-").replace(",", "."))
    except ValueError:
        return text
