"""Flagged cases first: known before a picture is drawn, and anew when an outline has changed."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from tests.study.small import write_small_study

from perirad.workbench.desk import Desk
from perirad.workbench.flags import in_order, known_flags, work_out
from perirad.workbench.outlines import OutlineStore, to_runs

SHAPE = (72, 80)


def at_the_edge(desk: Desk, at: int) -> None:
    mask = np.zeros(SHAPE, dtype=np.bool_)
    mask[0:6, 30:50] = True
    OutlineStore(desk.folder, "reader 1").save(desk.rows()[at].case_id, SHAPE, to_runs(mask))


def test_flags_are_worked_out_kept_and_told_anew_when_an_outline_changes_analytic(tmp_path: Path) -> None:
    desk = Desk(write_small_study(tmp_path / "study", 5, radius=(7.0, 9.0)))
    toml = desk.folder / "study.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8").replace("[2.0, 4.0]", "[2.0, 4.0]\nmax_lost_fraction = 0.2"), encoding="utf-8"
    )
    rows = desk.rows()
    assert known_flags(desk, rows, "reader 1") == {}
    at_the_edge(desk, 3)
    seen: list[int] = []

    def told(done: int, total: int) -> bool:
        seen.append(done)
        return done < total

    assert work_out(desk, "reader 1", told) == 1
    assert seen == [1, 2, 3, 4, 5]
    found = known_flags(desk, rows, "reader 1")
    assert [bool(found[row.case_id]) for row in rows] == [False, False, False, True, False]
    assert any("lost" in flag for flag in found[rows[3].case_id])
    assert in_order(rows, found)[0] == 3
    at_the_edge(desk, 1)
    assert rows[1].case_id not in known_flags(desk, rows, "reader 1")
    assert work_out(desk, "reader 1") == 2
    (desk.folder / "images" / Path(rows[0].cells["image"]).name).write_bytes(b"no picture")
    assert work_out(desk, "reader 1") == 3


def test_the_run_tells_flags_and_decided_cases_come_last_analytic(tmp_path: Path) -> None:
    desk = Desk(write_small_study(tmp_path / "study", 4))
    desk.decide(desk.rows()[0].case_id, "accept")
    desk.decide(desk.rows()[1].case_id, "exclude", "poor image")
    rows = desk.rows()
    results = desk.folder / "results"
    results.mkdir()
    lines = ["case_id,status,calibration,I_lost_percent,P2_lost_percent,P4_lost_percent"]
    lines += [f"{row.case_id},analysed,stated,0,0,{99 if at == 3 else 0}" for at, row in enumerate(rows)]
    path = results / "quality.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = known_flags(desk, rows, "reader 1")
    assert found[rows[3].case_id] == ("99 % of P4 lost",)
    assert found[rows[2].case_id] == ()
    assert in_order(rows, found) == [3, 2, 0, 1]
    os.utime(path, (1, 1))
    assert known_flags(desk, rows, "reader 1") == {}


def test_flags_of_readers_with_a_dot_in_the_name_stay_apart_analytic(tmp_path: Path) -> None:
    desk = Desk(write_small_study(tmp_path / "study", 4, radius=(7.0, 9.0)))
    rows = desk.rows()
    for reader in ("Dr. One", "Dr. Two"):
        assert known_flags(desk, rows, reader) == {}
        work_out(desk, reader)
        assert known_flags(desk, rows, reader).keys() == {row.case_id for row in rows}
