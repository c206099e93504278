"""Numbers as people write them into cells and onto command lines."""

from __future__ import annotations

import math
import re

__all__ = ["finite_number", "parse_spacing"]


def finite_number(text: str) -> float | None:
    """Finite number of a cell, None when it holds none (Python alone would read 1_0 as ten)."""
    try:
        value = float(text if "_" not in text else "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def parse_spacing(text: str) -> tuple[float, float] | str | None:
    """Spacing (row, column) of a cell: "0.08", or "0.12 0.09"; None when empty, the text itself when unreadable."""
    if not text:
        return None
    parts = [finite_number(part) for part in re.split(r"[\s;x×]+", text)]
    numbers = [part for part in parts if part is not None and part > 0]
    if len(numbers) != len(parts) or len(numbers) not in (1, 2):
        return text
    return numbers[0], numbers[-1]
