"""Outlines that the table names: where a reader's work begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from perirad.study.casefiles import file_names, lesion_label
from perirad.workbench.outlines import Outline

if TYPE_CHECKING:
    from perirad.image.outlines.choose import Choice

__all__ = ["tabled_outline"]


def tabled_outline(cells: Mapping[str, str], shape: tuple[int, int], find: Callable[[str], Path]) -> Outline | None:
    """Outline that a row of the table names, with further lesions and what is left out.

    Parameters
    ----------
    cells : mapping of str to str
        The row.
    shape : tuple of int
        (rows, columns) of the picture.
    find : callable
        Path of a file of the table; raises InputError for one that may not be read.

    Returns
    -------
    Outline or None
        None where the table names none, or one that a reader of the workbench drew.

    Raises
    ------
    InputError
        When what it names cannot be read, or is of another size.
    """
    name = cells.get("mask", "")
    if not name or name.startswith("outlines/"):
        return None
    from perirad.image.roi import read_mask  # noqa: PLC0415

    choices: dict[str, Choice] = {"largest": "largest", "all": "all"}
    choice = choices.get(cells.get("lesions", ""), "one")
    mask = read_mask(find(name), shape, label=lesion_label(cells.get("mask_label")), choice=choice)
    others, left_out = (
        tuple(read_mask(find(part), shape, choice="all") for part in file_names(cells, column))
        for column in ("other_mask", "exclude_mask")
    )
    excluded = np.logical_or.reduce([np.zeros(shape, dtype=np.bool_), *left_out])
    return Outline(mask, excluded, 0, bool(mask.any()), others)
