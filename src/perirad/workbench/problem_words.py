"""Problems and warnings in the language of the reader: English templates of the source, matched and told anew.

The source says what is wrong in English, with values put in. A catalogue holds every such template with its
translation (``messages/zh_problems/*.json``, ``{0}``, ``{1}`` ... for the values); a text is matched against the
templates, and its values are put into the translation. What no template fits stays English: it is never lost.
"""

from __future__ import annotations

import errno
import json
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from perirad.errors import InputError, Problem, StudyError

__all__ = ["error_lines", "level_line", "phrase", "problem_line", "said"]

_FOLDER = Path(__file__).parent / "messages"
_LEVELS = {"error": "错误", "warning": "警告"}
_PLACED = re.compile(r"\{(\d+)\}")
_JOINTS = (("; ", "；"), (", ", "，"), (" and ", "、"), (" or ", "或"), (": ", "："))
_OS = {
    errno.ENOENT: "文件或文件夹不存在", errno.EACCES: "没有访问权限", errno.EPERM: "操作不被允许",
    errno.EEXIST: "文件已存在", errno.ENOTDIR: "不是文件夹", errno.EISDIR: "是文件夹而不是文件",
    errno.ENOSPC: "磁盘空间不足", errno.EROFS: "文件系统为只读", errno.ENAMETOOLONG: "文件名过长",
}  # fmt: skip


@dataclass(frozen=True)
class _Template:
    """An English template with places for values, and the same in another language."""

    english: str
    other: str

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """Fixed texts between the places."""
        return tuple(text for text, *_ in string.Formatter().parse(self.english) if text)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What a text of this template looks like; compiled when a text has all its pieces for the first time."""
        parts = []
        for text, field, *_ in string.Formatter().parse(self.english):
            parts.append(re.escape(text) + ("" if field is None else "(.*?)"))
        return re.compile("".join(parts), re.DOTALL)

    def told(self, text: str, language: str, depth: int) -> str | None:
        """The text in the other language; None where it is not of this template."""
        if not all(piece in text for piece in self.pieces):
            return None
        found = self.pattern.fullmatch(text)
        if found is None:
            return None
        values = [_phrase(value, language, depth + 1) for value in found.groups()]
        return self.other.format(*values)


@lru_cache(maxsize=4)
def _catalogue(language: str) -> tuple[dict[str, str], tuple[_Template, ...]]:
    """Fixed phrases, and templates with the longest fixed text first: it is the one that says most."""
    fixed: dict[str, str] = {}
    templates: list[_Template] = []
    for path in sorted((_FOLDER / f"{language}_problems").glob("*.json")):
        for english, other in json.loads(path.read_text(encoding="utf-8")).items():
            if _PLACED.search(english):
                templates.append(_Template(english, other))
            else:
                fixed[english.format()] = other.format()
    templates.sort(key=lambda item: -sum(map(len, item.pieces)))
    return fixed, tuple(templates)


def phrase(text: str, language: str) -> str:
    """A part of a problem (expected, found or mend), or a warning, in a language; English where none is known."""
    return text if language == "en" else _phrase(text, language, 0)


@lru_cache(maxsize=4096)
def _phrase(text: str, language: str, depth: int) -> str:
    fixed, templates = _catalogue(language)
    if text in fixed:
        return fixed[text]
    # A value is a name or a number far more often than a phrase: one without a space is left alone.
    if depth > 3 or " " not in text.strip():
        return text
    for template in templates:
        told = template.told(text, language, depth)
        if told is not None:
            return told
    return _joined(text, language, depth) or text


def _joined(text: str, language: str, depth: int) -> str | None:
    """A list of phrases, each of them known; None where one is not."""
    for joint, other in _JOINTS:
        parts = text.split(joint)
        if len(parts) > 1:
            told = [_phrase(part, language, depth + 1) for part in parts]
            if all(new != old or not re.search("[a-z]{3} ", old) for new, old in zip(told, parts, strict=True)) and (
                told != parts
            ):
                return other.join(told)
    return None


def problem_line(problem: Problem, language: str) -> str:
    """The problem in one line, as `Problem.line` says it, in a language."""
    if language == "en":
        return problem.line()
    place = "，".join(part for part in (f"病例 {problem.case}" if problem.case else "", problem.file) if part)
    text = f"{phrase(problem.expected, language)}；实际：{phrase(problem.found, language)}"
    if place:
        text += f"（{place}）"
    return f"{text}。处理：{phrase(problem.mend, language)}" if problem.mend else text


def level_line(problem: Problem, language: str) -> str:
    """The problem in one line with its level before it, as `perirad check` lists it."""
    if language == "en":
        return f"{problem.level}: {problem.line()}"
    return f"{_LEVELS[problem.level]}：{problem_line(problem, language)}"


def error_lines(error: StudyError | InputError | OSError, language: str) -> list[str]:
    """What went wrong, a line each."""
    if isinstance(error, OSError):
        known = _OS.get(error.errno or 0)
        if language == "en" or known is None:
            return [str(error)]
        return [known + (f"：{error.filename}" if error.filename else "")]
    return [problem_line(item, language) for item in error.problems]


def said(text: str, language: str) -> str:
    """A text of one or several lines, in a language: phrases, and lines that `Problem.line` or the command line wrote.

    For texts whose problem is at hand no longer; `problem_line` is surer.
    """
    return text if language == "en" else "\n".join(_line(line, language) for line in text.split("\n"))


@lru_cache(maxsize=4096)
def _line(line: str, language: str) -> str:
    for level, word in _LEVELS.items():
        if line.startswith(f"{level}: "):
            return f"{word}：{_line(line.removeprefix(f'{level}: '), language)}"
    for problem in _readings(line):
        if phrase(problem.expected, language) != problem.expected:
            return problem_line(problem, language)
    told = _phrase(line, language, 0)
    if told != line:
        return told
    parts = line.split("; ")
    return "；".join(_line(part, language) for part in parts) if len(parts) > 1 else line


def _readings(line: str) -> Iterator[Problem]:
    """All ways in which a line can be taken apart into a problem, those with most parts first."""
    for at in re.finditer(", got ", line):
        expected, rest = line[: at.start()], line[at.end() :]
        for placed in re.finditer(r" \(([^()]*)\)(?:: (.+))?$", rest):
            place, mend = placed.group(1), placed.group(2) or ""
            case, _, file = (
                place.removeprefix("case ").partition(", ") if place.startswith("case ") else ("", "", place)
            )
            yield Problem(expected, rest[: placed.start()], case, file, mend)
        for colon in re.finditer(": ", rest):
            mend = rest[colon.end() :]
            if phrase(mend, "zh") != mend:
                yield Problem(expected, rest[: colon.start()], mend=mend)
        yield Problem(expected, rest)
