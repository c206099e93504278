"""Sentences whose numbers are quoted from `metrics.json`: none is typed, and each knows where it came from."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from perirad.report.text import DASH, decimal, interval, listed, p_text, printable

__all__ = ["FORMATS", "Passage", "Quote", "found_at", "quoted", "said"]

_PLACE = re.compile(r"\{([^{}|]+)\|([a-z0-9]+)\}")


@dataclass(frozen=True)
class Quote:
    """Words that stand for what `metrics.json` has at `path` (keys and positions parted by ``/``), in a format."""

    text: str
    path: str
    form: str


@dataclass(frozen=True)
class Passage:
    """A sentence or more, as plain words and quotes in turn."""

    parts: tuple[str | Quote, ...]

    @property
    def text(self) -> str:
        """The sentence as it is read."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """All that is quoted."""
        return tuple(part for part in self.parts if isinstance(part, Quote))


def found_at(metrics: Mapping[str, Any], path: str) -> Any:
    """What stands at a path; KeyError where nothing does."""
    value: Any = metrics
    for step in path.split("/"):
        try:
            value = value[int(step)] if isinstance(value, list) else value[step]
        except (KeyError, IndexError, TypeError, ValueError):
            raise KeyError(path) from None
    return value


def quoted(template: str, metrics: Mapping[str, Any]) -> Passage:
    """Fill a template: ``{path|format}`` becomes a quote, all other words stay.

    Raises
    ------
    KeyError
        For a path that is not there: a sentence about what the run does not know must not be written.
    """
    parts: list[str | Quote] = []
    end = 0
    for match in _PLACE.finditer(template):
        if match.start() > end:
            parts.append(template[end : match.start()])
        path, form = match.groups()
        parts.append(Quote(said(found_at(metrics, path), form), path, form))
        end = match.end()
    if end < len(template):
        parts.append(template[end:])
    return Passage(tuple(parts))


def said(value: Any, form: str) -> str:
    """A value in words and digits; a dash where it is not defined."""
    return printable(FORMATS[form](value))


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def _interval(value: Mapping[str, Any], digits: int) -> str:
    estimate, lower, upper = (_number(value[name]) for name in ("estimate", "lower", "upper"))
    return interval(estimate, lower, upper, digits)


def _difference(value: Mapping[str, Any]) -> str:
    return _interval({**value, "estimate": value["difference"]}, 3)


def _share(value: Mapping[str, Any]) -> str:
    counts = f"{value['numerator']} of {value['denominator']}"
    text = _interval(value, 2)
    return f"{text.removesuffix(')')}; {counts})" if text.endswith(")") else f"{text} ({counts})"


def _p(value: Any) -> str:
    text = p_text(_number(value))
    return f"P {text[0]} {text[1:]}" if text[0] in "<>" else "P not defined" if text == DASH else f"P = {text}"


def _plain(value: Any) -> str:
    return f"{_number(value):.6g}".replace("-", "−")


def _words(value: Any) -> str:
    return listed([str(item) if isinstance(item, str) else _plain(item) for item in value])


FORMATS: Final[Mapping[str, Callable[[Any], str]]] = MappingProxyType({
    "count": lambda value: f"{int(value):,}",
    "number": _plain,
    "whole": lambda value: str(int(value)),
    "d1": lambda value: decimal(_number(value), 1),
    "d2": lambda value: decimal(_number(value), 2),
    "d3": lambda value: decimal(_number(value), 3),
    "percent": lambda value: f"{decimal(_number(value), 1)}%",
    "limit": lambda value: f"{_plain(value)}%",
    "share": _share,
    "percentshare": lambda value: f"{decimal(100 * _number(value), 0)}%",
    "auc": lambda value: _interval(value, 3),
    "interval": lambda value: _interval(value, 2),
    "difference": _difference,
    "p": _p,
    "text": str,
    "lower": lambda value: str(value).lower(),
    "list": _words,
})  # fmt: skip
"""How a value is written: name of the format -> words."""
