"""JSON and XML files from anywhere: bounded in size and depth, checked numbers, nothing followed or expanded."""

from __future__ import annotations

import json
import math
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from perirad.arrays import FloatArray
from perirad.errors import InputError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["base_name", "load_json", "load_xml", "number", "pairs", "pick_name", "size_of", "whole"]

_MOST_BYTES = 64_000_000
_MOST_ELEMENTS = 2_000_000
_DEEPEST = 64


def load_json(path: Path) -> Any:
    """Return what a JSON file holds.

    Raises
    ------
    InputError
        When it is larger than 64 MB, nested too deep, damaged, or has NaN or infinity.
    """

    def refuse(constant: str) -> NoReturn:
        raise InputError("numbers must be finite", constant, file=path.name)

    try:
        return json.loads(_content(path), parse_constant=refuse)
    except RecursionError as error:
        raise InputError("JSON must be nested as outlines are", "far deeper", file=path.name) from error
    except InputError:
        raise
    except ValueError as error:
        raise _damaged("JSON", path, str(error)) from error


def load_xml(path: Path) -> Element:
    """Return the root of an XML file.

    Raises
    ------
    InputError
        When it is larger than 64 MB, nested too deep, damaged, or declares a document type or entities: outlines
        need none, and they are how a small file fills the memory or reads other files.
    """
    from xml.etree.ElementTree import TreeBuilder  # noqa: PLC0415
    from xml.parsers import expat  # noqa: PLC0415

    builder, parser, depth, count = TreeBuilder(), expat.ParserCreate(), 0, 0

    def refuse(*_: object) -> NoReturn:
        raise InputError("XML must be free of a document type", "one, which may define entities", file=path.name)

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if count > _MOST_ELEMENTS:
            raise InputError("XML must have as many elements as outlines need", "millions", file=path.name)
        if depth > _DEEPEST:
            raise InputError("XML must be nested as outlines are", "far deeper", file=path.name)
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, builder.data
    try:
        parser.Parse(_content(path), True)
    except InputError:
        raise
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise _damaged("XML", path, str(error)) from error
    return builder.close()


def _content(path: Path) -> bytes:
    size = path.stat().st_size
    if size > _MOST_BYTES:
        raise InputError("a file of outlines must have at most 64 MB", f"{size / 1e6:.0f} MB", file=path.name)
    return path.read_bytes()


def _damaged(kind: str, path: Path, words: str) -> InputError:
    return InputError(f"{kind} file must be whole", f"a damaged one ({words})", file=path.name, mend="export it again")


def number(value: object, what: str, file: str) -> float:
    """Return a finite number; text counts only in XML, where everything is text."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"{what} must be a number", _shown(value), file=file)
    try:
        converted = float(value)
    except OverflowError:
        converted = math.inf
    if not math.isfinite(converted):
        raise InputError(f"{what} must be a finite number", _shown(value), file=file)
    return converted


def whole(value: object, what: str, file: str) -> int:
    """Return a whole number."""
    converted = number(value, what, file)
    if not converted.is_integer():
        raise InputError(f"{what} must be a whole number", _shown(value), file=file)
    return int(converted)


def pairs(values: object, what: str, file: str) -> FloatArray:
    """Return a list of number pairs as an array of shape (n, 2), each number checked."""
    if not isinstance(values, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in values):
        raise InputError(f"{what} must be a list of pairs", _shown(values), file=file)
    numbers = [number(value, what, file) for pair in values for value in pair]
    return np.array(numbers, dtype=np.float64).reshape(-1, 2)


def size_of(rows: object, columns: object, file: str) -> tuple[int, int]:
    """Return a picture's size as the file declares it."""
    return whole(rows, "image height", file), whole(columns, "image width", file)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


def base_name(name: str) -> str:
    """Return the last part of a path written on any system."""
    return PureWindowsPath(name).name


def pick_name(names: list[str], wanted: str, file: str) -> int:
    """Return the place of the image of this name in a list of file names.

    The whole file name counts first, then the name without its ending (an image may have been converted since);
    folders are ignored. Without a name to look for, a list of one is enough.

    Raises
    ------
    InputError
        When no image or several have the name.
    """
    shown = ", ".join(map(base_name, names[:5])) + (", ..." if len(names) > 5 else "")
    if not wanted:
        if len(names) == 1:
            return 0
        found = f"{len(names)} images ({shown})" if names else "no image"
        raise InputError("one image of the file must be named", found, file=file, mend="name it (image_name=)")
    bases, looked = [base_name(name) for name in names], base_name(wanted)
    for known, key in ((bases, looked), ([Path(base).stem for base in bases], Path(looked).stem)):
        places = [place for place, name in enumerate(known) if name == key]
        if len(places) == 1:
            return places[0]
        if places:
            found = f"{len(places)} of that name"
            raise InputError(f"file must hold one image {looked!r}", found, file=file, mend="name it (image_name=)")
    found = f"{len(names)} others ({shown})" if names else "none"
    raise InputError(f"file must hold the image {looked!r}", found, file=file, mend="name it (image_name=)")
