"""A run or an audit of the study beside the workbench: in a process of its own, so that neither can end the other."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Progress", "Runner"]

_LINE = re.compile(r"^(\w+): (\d+) of (\d+)$")


@dataclass(frozen=True)
class Progress:
    """Where a run is: `stage` and how much of it; seconds left of the stage by its pace (None: not known)."""

    state: str
    stage: str = ""
    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    lines: tuple[str, ...] = ()


@dataclass
class Runner:
    """Runs a study, once at a time; what a cancelled or killed run had extracted is kept for the next one.

    `verb` is the command of ``perirad`` that takes the study: ``run``, or ``audit``.
    """

    folder: Path
    verb: str = "run"
    _process: subprocess.Popen[str] | None = None
    _lines: list[str] = field(default_factory=list)
    _stage: tuple[str, int, int] = ("", 0, 0)
    _since: float = 0.0
    _cancelled: bool = False

    def start(self, *options: str) -> bool:
        """Begin, with further words of the command line; False where a run is under way."""
        if self._process is not None and self._process.poll() is None:
            return False
        self._lines, self._stage, self._cancelled = [], ("", 0, 0), False
        words = [sys.executable, "-m", "perirad", self.verb, str(self.folder), *options]
        self._process = subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace"
        )
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()
        return True

    def cancel(self) -> None:
        """Ask the run to end; Ctrl-C would be ignored by what a script started in the background."""
        if self._process is not None and self._process.poll() is None:
            self._cancelled = True
            self._process.terminate()

    def progress(self) -> Progress:
        """Where the run is now."""
        lines = tuple(self._lines[-200:])
        stage, done, total = self._stage
        if self._process is None:
            return Progress("idle")
        code = self._process.poll()
        if code is None:
            pace = (time.monotonic() - self._since) / done if done else None
            left = None if pace is None else pace * (total - done)
            return Progress("running", stage, done, total, left, lines)
        if self._cancelled:
            return Progress("cancelled", stage, done, total, None, lines)
        return Progress("done" if code == 0 else "failed", stage, done, total, None, lines)

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as stream:
            for line in stream:
                self._hear(line.rstrip())
        process.wait()

    def _hear(self, text: str) -> None:
        found = _LINE.match(text)
        if found is None:
            if text:
                self._lines.append(text)
            return
        if found.group(1) != self._stage[0]:
            self._since = time.monotonic()
        self._stage = (found.group(1), int(found.group(2)), int(found.group(3)))
