"""Which of the files given is the one that a stranger's table names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath

from perirad.errors import InputError

__all__ = ["GivenFiles"]

_OF_MASKS = ("mask", "label", "seg", "outline", "contour", "roi", "annot", "truth", "掩膜", "轮廓", "标注", "分割")


class GivenFiles:
    """Files of a folder, found by the names in a table.

    Parameters
    ----------
    folder : Path
        The study's folder.
    table : Path
        The table, from whose place its names are looked for first.
    """

    def __init__(self, folder: Path, table: Path) -> None:
        self._folder, self._table = folder.resolve(), table.resolve()

    @cached_property
    def _by_name(self) -> Mapping[str, list[str]]:
        """Last name -> paths relative to the study's folder; links that lead out of it are none of its files."""
        found: dict[str, list[str]] = {}
        for path in sorted(self._folder.rglob("*")):
            if path.is_file() and path.resolve().is_relative_to(self._folder):
                found.setdefault(path.name, []).append(path.relative_to(self._folder).as_posix())
        return found

    def _ending(self, parts: tuple[str, ...]) -> list[str]:
        """Paths that end with a name and its folders."""
        paths = self._by_name.get(parts[-1], []) if parts else []
        return [path for path in paths if PurePosixPath(path).parts[-len(parts) :] == parts]

    def find_all(self, cell: str, case: str, what: str) -> str:
        """Paths of the files that a cell names, parted by semicolons; in the cell by one of ``; & | ,``. See `find`."""
        names = [cell] if self._ending(_parts(cell)) else re.split(r"[;&|,]", cell)
        return ";".join(self.find(name.strip(), case, what) for name in names if name.strip())

    def find(self, name: str, case: str, what: str) -> str:
        """Path of a file relative to the study, wherever in its folder it lies.

        Parameters
        ----------
        name : str
            Name in the table, with or without folders.
        case, what : str
            Whose file it is, and of which column: of several files of one name, outlines are looked for in folders
            that are called so ("masks", "labels", ...), and pictures in the others.

        Raises
        ------
        InputError
            When there is no such file, or several that could be it.
        """
        parts = _parts(name)
        paths = self._by_name.get(parts[-1] if parts else "", [])
        for place in (self._table.parent, self._folder):
            wanted = (place / Path(*parts)).resolve()
            if wanted.is_relative_to(self._folder) and wanted.relative_to(self._folder).as_posix() in paths:
                return wanted.relative_to(self._folder).as_posix()
        several = self._ending(parts) or paths
        fitting = [path for path in several if _is_of_masks(path) == ("mask" in what)]
        if len(several) > 1 and len(fitting) == 1:
            several = fitting
        if len(several) == 1:
            return several[0]
        expected = f"the {what} must be among the files given"
        if not several:
            raise InputError(expected, "no such file", case=case, file=name[:80])
        mend = "write the folder before the name in the table"
        raise InputError(expected, f"{len(several)} of that name", case=case, file=name[:80], mend=mend)


def _parts(name: str) -> tuple[str, ...]:
    return PurePosixPath(name.replace("\\", "/")).parts


def _is_of_masks(path: str) -> bool:
    return any(word in part.lower() for part in PurePosixPath(path).parts[:-1] for word in _OF_MASKS)
