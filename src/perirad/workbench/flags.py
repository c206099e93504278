"""Why cases should be looked at first: told by the last run, or worked out beside it, before any picture is drawn."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from perirad.study.cells import finite_number
from perirad.study.store import write_text
from perirad.workbench.desk import Desk, Row
from perirad.workbench.outlines import OutlineStore
from perirad.workbench.tiles import flag_words, tile_of

__all__ = ["in_order", "known_flags", "work_out"]


def known_flags(desk: Desk, rows: Sequence[Row], reader: str) -> dict[str, tuple[str, ...]]:
    """Case -> its flags, as far as they are known: of the run's `quality.csv`, or of an earlier look.

    What is older than the case's outline or the table is not known.
    """
    stamps = {row.case_id: _stamp(desk, row, reader) for row in rows}
    found = {case: flags for case, (stamp, flags) in _kept(desk, reader).items() if stamps.get(case) == stamp}
    path = desk.folder / "results" / "quality.csv"
    if not path.is_file():
        return found
    written = path.stat().st_mtime_ns
    limit = desk.study().settings.regions.max_lost_fraction
    with path.open(encoding="utf-8", newline="") as stream:
        for cells in csv.DictReader(stream):
            case = cells.get("case_id", "")
            if case in stamps and case not in found and cells.get("status") == "analysed" and stamps[case][0] < written:
                found[case] = flag_words(cells.get("calibration", ""), _lost(cells), limit)
    return found


def _lost(cells: Mapping[str, str]) -> dict[str, float]:
    """Shares of the rings that a row of `quality.csv` says are lost."""
    percent = {
        name.removesuffix("_lost_percent"): finite_number(text or "")
        for name, text in cells.items()
        if name.startswith("P") and name.endswith("_lost_percent")
    }
    return {region: share / 100 for region, share in percent.items() if share is not None}


def work_out(desk: Desk, reader: str, told: Callable[[int, int], bool] = lambda done, total: True) -> int:
    """Look at all cases whose flags are not known, and keep what is found; returns how many are flagged.

    `told` is called after each case with how many are done and how many there are; False ends the work, and what was
    found is kept.
    """
    rows = desk.rows()
    known = known_flags(desk, rows, reader)
    kept = {case: [stamp, list(flags)] for case, (stamp, flags) in _kept(desk, reader).items()}
    for number, row in enumerate(rows, start=1):
        if row.case_id not in known:
            tile = tile_of(desk, row, reader)
            known[row.case_id] = (tile,) if isinstance(tile, str) else tile.flags
            kept[row.case_id] = [_stamp(desk, row, reader), list(known[row.case_id])]
        if not told(number, len(rows)):
            break
    write_text(_place(desk, reader), json.dumps(kept, ensure_ascii=False) + "\n")
    return sum(bool(flags) for flags in known.values())


def in_order(rows: Sequence[Row], flags: dict[str, tuple[str, ...]]) -> list[int]:
    """Places of the rows: flagged and undecided first, then undecided, accepted, excluded; else as in the table."""

    def rank(at: int) -> int:
        row = rows[at]
        if row.verdict:
            return 2 if row.verdict == "accept" else 3
        return 0 if flags.get(row.case_id) else 1

    return sorted(range(len(rows)), key=rank)


def _place(desk: Desk, reader: str) -> Path:
    place = OutlineStore(desk.folder, reader).place
    return place.with_name(f"{place.name}.flags.json")


def _kept(desk: Desk, reader: str) -> dict[str, tuple[tuple[int, str], tuple[str, ...]]]:
    try:
        known = json.loads(_place(desk, reader).read_text(encoding="utf-8"))
        return {
            str(case): ((int(stamp[0]), str(stamp[1])), tuple(map(str, flags)))
            for case, (stamp, flags) in known.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _stamp(desk: Desk, row: Row, reader: str) -> tuple[int, str]:
    """When the case's files were changed last (ns), and what of the table decides its flags."""
    store = OutlineStore(desk.folder, reader)
    names = (row.cells.get("image", ""), row.cells.get("mask", ""), store.mask_name(row.case_id))
    times = [path.stat().st_mtime_ns for name in names if name and (path := desk.folder / name).is_file()]
    said = ";".join(row.cells.get(name, "") for name in ("image", "mask", "spacing_mm", "depth_mm", "caliper_points"))
    return max(times, default=0), said
