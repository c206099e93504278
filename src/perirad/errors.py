"""What goes wrong, said in one line: what was expected, what was found, where, how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

__all__ = ["InputError", "PeriradError", "Problem", "StudyError"]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with the input.

    Parameters
    ----------
    expected, found : str
        What the program needs and what it met, each a short clause.
    case, file : str, optional
        Case identifier and file (or table column) in which it was met; empty when it concerns the whole study.
    mend : str, optional
        What the user can do about it, an imperative clause.
    level : {"error", "warning"}
        An error stops the case (or the study); a warning is only reported.
    """

    expected: str
    found: str
    case: str = ""
    file: str = ""
    mend: str = ""
    level: Literal["error", "warning"] = "error"

    def line(self) -> str:
        """Say the problem in one line."""
        place = ", ".join(part for part in (f"case {self.case}" if self.case else "", self.file) if part)
        text = f"{self.expected}, got {self.found}"
        if place:
            text += f" ({place})"
        return f"{text}: {self.mend}" if self.mend else text

    def at(self, *, case: str = "", file: str = "") -> Problem:
        """Return the same problem with the place filled in where it was still empty."""
        return replace(self, case=self.case or case, file=self.file or file)


class PeriradError(Exception):
    """Base of all errors that perirad raises on purpose."""


class InputError(PeriradError, ValueError):
    """One bad input; `problem` says it in parts.

    Raised as ``InputError("ring width must be positive", "width_mm=-2.0", mend="give a width in mm")``.
    """

    def __init__(self, expected: str, found: str, *, case: str = "", file: str = "", mend: str = "") -> None:
        self.problem = Problem(expected, found, case=case, file=file, mend=mend)
        super().__init__(self.problem.line())

    @property
    def problems(self) -> tuple[Problem]:
        """The problem as a list of one, so that both errors are read alike."""
        return (self.problem,)

    @classmethod
    def of(cls, problem: Problem) -> InputError:
        """Raise-able form of a problem record."""
        return cls(problem.expected, problem.found, case=problem.case, file=problem.file, mend=problem.mend)


class StudyError(PeriradError):
    """A study that cannot go on; `problems` lists everything that was found, not the first only."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.line() for problem in self.problems))
