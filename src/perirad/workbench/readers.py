"""Readers side by side: who has outlined what, how well they agree, and their consensus.

Nothing here shows a case that not all chosen readers have finished: readings stay independent until then.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from perirad.errors import InputError
from perirad.workbench.agreement import Agreement, agreement
from perirad.workbench.consensus import Rule, join
from perirad.workbench.desk import Desk, Row
from perirad.workbench.outlines import Outline, OutlineStore, to_runs

__all__ = [
    "CONSENSUS", "Compared", "Pair", "common", "compare", "make_consensus", "outlines_of", "readers_of", "table_of",
]  # fmt: skip

CONSENSUS = "consensus"
"""The reader under whose name consensus outlines are kept."""


@dataclass(frozen=True)
class Pair:
    """A case that both readers have outlined: its place in the table, and how well they agree.

    The distances are NaN where nobody knows the spacing; `problem` says why there is no agreement at all.
    """

    case_id: str
    at: int
    found: Agreement | None
    problem: str = ""


@dataclass(frozen=True)
class Compared:
    """Two readers: cases that both have done, worst first, and how many only one has done, which stay hidden."""

    first: str
    second: str
    pairs: tuple[Pair, ...]
    hidden: int


def readers_of(desk: Desk) -> dict[str, int]:
    """Readers by their names, and how many cases each has outlined."""
    found: dict[str, int] = {}
    folder = desk.folder / "outlines"
    for place in sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []:
        for path in sorted(place.glob("*.json")):
            try:
                state = json.loads(path.read_text(encoding="utf-8"))
                name, done = str(state["reader"]), bool(state["done"])
            except (ValueError, KeyError, TypeError):
                continue
            found[name] = found.get(name, 0) + done
    return found


def common(desk: Desk, readers: Sequence[str]) -> set[str]:
    """Cases that all of the readers have outlined."""
    sets = [OutlineStore(desk.folder, name).done() for name in readers]
    return set.intersection(*sets) if sets else set()


def outlines_of(desk: Desk, row: Row, shape: tuple[int, int], readers: Sequence[str]) -> list[Outline]:
    """Outlines of a case by several readers.

    Raises
    ------
    InputError
        Unless all of them have finished it.
    """
    found = [OutlineStore(desk.folder, name).load(row.case_id, shape) for name in readers]
    done = [outline for outline in found if outline is not None and outline.done]
    if len(done) < len(readers):
        raise InputError("a case is shown when all readers have outlined it", f"{len(done)} of {len(readers)}")
    return done


def compare(desk: Desk, first: str, second: str) -> Compared:
    """Agreement of two readers on every case that both have outlined, worst Dice first."""
    both = common(desk, (first, second))
    either = OutlineStore(desk.folder, first).done() | OutlineStore(desk.folder, second).done()
    rows = desk.rows()
    pairs = [_pair(desk, row, at, (first, second)) for at, row in enumerate(rows) if row.case_id in both]
    pairs.sort(key=lambda pair: -1.0 if pair.found is None else pair.found.dice)
    known = {row.case_id for row in rows}
    return Compared(first, second, tuple(pairs), len((either - both) & known))


def _pair(desk: Desk, row: Row, at: int, readers: tuple[str, str]) -> Pair:
    try:
        picture = desk.picture(row)
        one, two = outlines_of(desk, row, picture.shape, readers)
    except (InputError, OSError) as error:
        return Pair(row.case_id, at, None, str(error))
    found = agreement(one.lesion, two.lesion, picture.spacing_mm or (1.0, 1.0))
    if picture.spacing_mm is None:
        found = Agreement(found.dice, np.nan, np.nan, np.nan)
    return Pair(row.case_id, at, found)


def table_of(compared: Compared) -> str:
    """The comparison as CSV; empty cells are not known."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["case_id", "dice", "hausdorff_mm", "hausdorff_95_mm", "mean_distance_mm", "problem"])
    for pair in compared.pairs:
        found = pair.found
        values = [] if found is None else [found.dice, found.hausdorff_mm, found.hausdorff_95_mm, found.mean_mm]
        cells = ["" if not np.isfinite(value) else f"{value:.6g}" for value in values] or [""] * 4
        writer.writerow([pair.case_id, *cells, pair.problem])
    return stream.getvalue()


def make_consensus(desk: Desk, row: Row, readers: Sequence[str], rule: Rule) -> Outline:
    """Keep the readers' joint outline of a case under the name "consensus"; what any left out is left out.

    Raises
    ------
    InputError
        Unless all have finished it; when the outlines do not overlap; when the consensus was corrected by hand.
    """
    picture = desk.picture(row)
    outlines = outlines_of(desk, row, picture.shape, readers)
    store = OutlineStore(desk.folder, CONSENSUS)
    if store.made_by(row.case_id) == "hand":
        raise InputError(
            "a consensus that was corrected by hand must not be made anew", "one", case=row.case_id, mend="edit it"
        )
    lesion = join([outline.lesion for outline in outlines], rule, picture.spacing_mm or (1.0, 1.0))
    excluded = np.logical_or.reduce([outline.excluded for outline in outlines])
    others = np.logical_or.reduce([np.zeros(picture.shape, dtype=np.bool_), *(m for o in outlines for m in o.others)])
    further = [to_runs(others & ~lesion)] if (others & ~lesion).any() else []
    left_out = to_runs(excluded) if excluded.any() else []
    return store.save(row.case_id, picture.shape, to_runs(lesion), left_out, further, by=f"rule {rule}")
