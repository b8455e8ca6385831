"""Numbers in words that a browser can show, in HTML and inside a picture alike."""

__all__ = ["bracketed", "number", "read"]

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
