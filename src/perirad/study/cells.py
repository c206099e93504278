"""Numbers as people write them into cells and onto command lines."""

from __future__ import annotations

import math
import re

from perirad.errors import InputError

__all__ = ["finite_number", "given_frame", "given_spacing", "parse_spacing", "shortest"]


def finite_number(text: str) -> float | None:
    """Finite number of a cell, None when it holds none (Python alone would read 1_0 as ten)."""
    try:
        value = float(text if "_" not in text else "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def shortest(text: str) -> str:
    """Code of a cell: a whole number without the decimals that spreadsheets add, ``1.0`` -> ``1``; else the text."""
    number = finite_number(text)
    return str(int(number)) if number is not None and number.is_integer() and abs(number) < 1e15 else text


def parse_spacing(text: str) -> tuple[float, float] | str | None:
    """Spacing (row, column) of a cell: "0.08", or "0.12 0.09"; None when empty, the text itself when unreadable."""
    if not text:
        return None
    parts = [finite_number(part) for part in re.split(r"[\s;x×]+", text)]
    numbers = [part for part in parts if part is not None and part > 0]
    if len(numbers) != len(parts) or len(numbers) not in (1, 2):
        return text
    return numbers[0], numbers[-1]


def given_frame(text: str) -> int | None:
    """Frame of several that somebody gave, from 0; None when empty.

    Raises
    ------
    InputError
        When it is no whole number.
    """
    if text and not text.isdecimal():
        raise InputError("frame must be a whole number, from 0", repr(text[:20]))
    return int(text) if text else None


def given_spacing(text: str, *, name: str = "spacing_mm", case: str = "") -> tuple[float, float] | None:
    """Spacing (row, column) that somebody gave under a name; None when empty.

    Raises
    ------
    InputError
        When it is not one or two positive numbers.
    """
    spacing = parse_spacing(text)
    if isinstance(spacing, str):
        raise InputError(f"{name} must be one or two positive numbers", repr(spacing), case=case)
    return spacing
