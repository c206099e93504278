"""Which of the lesions of a file is meant, and of how many detached pieces it consists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import BoolArray
from perirad.errors import InputError
from perirad.image.outlines.records import Lesion, Outlines

__all__ = ["Choice", "choose", "chosen", "is_asked_for", "largest_piece", "pieces"]

Choice = Literal["one", "largest", "all"]

_SAY = "say which is the lesion (a mask_label column, or label=)"


def choose(outlines: Outlines, label: float | str | None, choice: Choice, file: str) -> BoolArray:
    """Return the mask of the lesion that is meant.

    Parameters
    ----------
    outlines : Outlines
        All lesions of the image.
    label : int or str or None
        Number or name; several lesions may bear one name, and `choice` then decides among them.
    choice : {"one", "largest", "all"}
        "one" refuses to choose among several. "largest" takes the one with most pixels; of a file with one lesion,
        its largest detached piece. "all" joins them.
    file : str
        File name, for messages.

    Raises
    ------
    InputError
        When there is no lesion, none of that label, several and no choice, or two largest of one size; lesions are
        listed.
    """
    return reduce(np.logical_or, [lesion.mask for lesion in chosen(outlines, label, choice, file)])


def chosen(outlines: Outlines, label: float | str | None, choice: Choice, file: str) -> tuple[Lesion, ...]:
    """Return the lesions that are meant, each apart; parameters and errors as `choose`."""
    lesions = outlines.lesions if label is None else _labelled(outlines.lesions, label, file)
    if not lesions:
        raise InputError("mask must mark a lesion", "no marked pixel", file=file, mend="outline the lesion again")
    if choice == "all":
        return lesions
    if choice == "largest":
        return (_largest(lesions, file),)
    if choice != "one":
        raise InputError("choice must be one, largest or all", repr(choice), file=file)
    if len(lesions) > 1:
        raise InputError("mask must mark one lesion", _listed(lesions), file=file, mend=_SAY)
    return lesions


def is_asked_for(name: str, label: float | str | None) -> bool:
    """Whether what bears this name could be the lesion that is asked for: by its name, or by any number."""
    return not isinstance(label, str) or _is_number(label) or _same(name, label)


def pieces(mask: BoolArray) -> tuple[int, ...]:
    """Return the sizes in pixels of the detached parts of a mask, largest first.

    Pixels that touch at a side or a corner belong together; the length is the number of parts.
    """
    parts = _numbered(mask)
    return tuple(sorted((int(size) for size in np.bincount(parts.ravel())[1:]), reverse=True))


def largest_piece(mask: BoolArray) -> BoolArray:
    """Return the largest detached part of a mask.

    Raises
    ------
    InputError
        When the mask is empty, or two parts are the largest.
    """
    return _largest_piece(mask, "")


def _largest_piece(mask: BoolArray, file: str) -> BoolArray:
    parts = _numbered(mask)
    sizes = np.bincount(parts.ravel())[1:]
    _check_one_largest(sizes.tolist(), "piece", file)
    largest: BoolArray = parts == int(np.argmax(sizes)) + 1
    return largest


def _numbered(mask: BoolArray) -> NDArray[np.signedinteger]:
    from scipy import ndimage  # noqa: PLC0415  (takes longer to import than a mask to read)

    return ndimage.label(mask, np.ones((3, 3)))[0]


def _labelled(lesions: Sequence[Lesion], label: float | str, file: str) -> tuple[Lesion, ...]:
    named = _of_name(lesions, label) if isinstance(label, str) else ()
    if named:
        return named
    number = float(label) if not isinstance(label, str) or _is_number(label) else None
    numbered = tuple(lesion for lesion in lesions if lesion.number == number)
    if numbered:
        return numbered
    wanted = f"label {label}" if number is not None else f"a lesion named {label!r}"
    found = _listed(lesions) if lesions else "no marked pixel"
    raise InputError(f"mask must hold {wanted}", found, file=file, mend="name a label that is there")


def _of_name(lesions: Sequence[Lesion], name: str) -> tuple[Lesion, ...]:
    """Lesions of exactly that name; else of that name with other capitals."""
    exact = tuple(lesion for lesion in lesions if lesion.name and lesion.name == name)
    return exact or tuple(lesion for lesion in lesions if lesion.name and _same(lesion.name, name))


def _same(name: str, label: str) -> bool:
    return name.strip().casefold() == label.strip().casefold()


def _is_number(text: str) -> bool:
    return text.strip().isdecimal()


def _largest(lesions: Sequence[Lesion], file: str) -> Lesion:
    if len(lesions) == 1:
        return replace(lesions[0], mask=_largest_piece(lesions[0].mask, file))
    sizes = [lesion.n_pixels for lesion in lesions]
    _check_one_largest(sizes, "lesion", file)
    return lesions[sizes.index(max(sizes))]


def _check_one_largest(sizes: Sequence[int], what: str, file: str) -> None:
    if not sizes:
        raise InputError("mask must mark a lesion", "no marked pixel", file=file, mend="outline the lesion again")
    if sizes.count(max(sizes)) > 1:
        raise InputError(f"one {what} must be the largest", f"several of {max(sizes)} pixels", file=file, mend=_SAY)


def _listed(lesions: Sequence[Lesion]) -> str:
    if any(lesion.name for lesion in lesions):
        return "lesions " + ", ".join(lesion.said for lesion in lesions)
    return "labels " + ", ".join(f"{lesion.number:g}" for lesion in lesions)
