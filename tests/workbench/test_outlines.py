"""Outlines on the disk: whole or not at all, with their history; what is drawn is what a study reads."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perirad.errors import InputError
from perirad.image.roi import read_mask
from perirad.workbench.outlines import OutlineStore, from_runs, to_runs
from perirad.workbench.places import file_stem, inside, write_new

SHAPE = (9, 13)


def mask_of(seed: int, shape: tuple[int, int] = SHAPE) -> np.ndarray:
    return np.random.default_rng(seed).random(shape) < 0.4


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 10_000))
def test_runs_there_and_back_naive(rows: int, columns: int, seed: int) -> None:
    mask = mask_of(seed, (rows, columns))
    runs = to_runs(mask)
    assert sum(runs) == mask.size
    assert all(length > 0 for length in runs[1:])
    np.testing.assert_array_equal(from_runs(runs, (rows, columns)), mask)


@pytest.mark.parametrize("runs", [[5], [0, 200], [-1, 118], [3.0, 114.0], [10**9]])
def test_runs_that_do_not_fill_the_picture_are_refused_analytic(runs: list[int]) -> None:
    with pytest.raises(InputError, match="fill 9 x 13"):
        from_runs(runs, SHAPE)


def test_every_save_is_kept_and_a_study_reads_the_last_analytic(tmp_path: Path) -> None:
    store = OutlineStore(tmp_path, "Dr. Müller / left")
    for seed in (1, 2, 3):
        store.save("case 7/8", SHAPE, to_runs(mask_of(seed)))
    found = store.load("case 7/8", SHAPE)
    assert found is not None
    assert found.saves == 3
    np.testing.assert_array_equal(found.lesion, mask_of(3))
    np.testing.assert_array_equal(read_mask(tmp_path / store.mask_name("case 7/8"), None), mask_of(3))
    history = next(store.place.glob("*.history.jsonl")).read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["save"] for line in history] == [1, 2, 3]
    assert store.done() == {"case 7/8"}
    assert store.place.resolve().is_relative_to((tmp_path / "outlines").resolve())


def test_a_crash_in_the_middle_of_a_line_loses_only_that_line_analytic(tmp_path: Path) -> None:
    store = OutlineStore(tmp_path, "reader 1")
    store.save("a", SHAPE, to_runs(mask_of(1)))
    history = store.place / "a.history.jsonl"
    with history.open("a", encoding="utf-8") as stream:
        stream.write('{"time": "2026-01-01", "save": 2, "runs": [4, 5')
    found = store.load("a", SHAPE)
    assert found is not None
    np.testing.assert_array_equal(found.lesion, mask_of(1))


def test_readers_do_not_overwrite_each_other_analytic(tmp_path: Path) -> None:
    stores = [OutlineStore(tmp_path, name) for name in ("reader 1", "reader 2")]
    threads = [
        threading.Thread(target=store.save, args=("a", SHAPE, to_runs(mask_of(at)))) for at, store in enumerate(stores)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for at, store in enumerate(stores):
        found = store.load("a", SHAPE)
        assert found is not None
        np.testing.assert_array_equal(found.lesion, mask_of(at))


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/../../x", "link/x", "a\x00b"])
def test_no_way_leads_out_of_the_folder_analytic(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path)
    with pytest.raises(InputError, match="study's folder"):
        inside(folder, name)
    assert inside(folder, "images/a.png") == folder / "images" / "a.png"


def test_uploads_keep_their_place_and_overwrite_nothing_analytic(tmp_path: Path) -> None:
    folder = tmp_path / "given"
    assert write_new(folder, "..\\..\\a.png", b"1") == folder / "a.png"
    assert write_new(folder, "C:\\x\\a.png", b"2") == folder / "x" / "a.png"
    assert write_new(folder, "/x/../图像/a.png", b"3") == folder / "x" / "图像" / "a.png"
    assert write_new(folder, "x/a.png", b"2") == folder / "x" / "a.png"  # the same again
    with pytest.raises(InputError, match=r"a name of its own, got x/a.png is there already"):
        write_new(folder, "x/a.png", b"4")
    with pytest.raises(InputError, match="already"):
        write_new(folder, "x", b"4")
    for name in ("..", "", ".bashrc", "///", ".ssh/key", "x/---"):
        with pytest.raises(InputError, match="must have a name"):
            write_new(folder, name, b"3")
    with pytest.raises(InputError, match="at most 11 folders"):
        write_new(folder, "x/" * 12 + "a.png", b"3")
    (folder / "away").symlink_to(tmp_path)
    with pytest.raises(InputError, match="study's folder"):
        write_new(folder, "away/a.png", b"3")
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert found == ["a.png", "x/a.png", "x/图像/a.png"]


def test_identifiers_that_differ_have_files_that_differ_analytic() -> None:
    names = ["a", "a/b", "a_b", "a b", "ä", "ü", "..", "", "x" * 300, "x" * 299]
    assert len({file_stem(name) for name in names}) == len(names)
    assert file_stem("case-12.b") == "case-12.b"


def test_undo_and_redo_are_told_from_the_history_naive(tmp_path: Path) -> None:
    """Against a twin that keeps whole states on two stacks, for random sequences of steps."""
    rng = np.random.default_rng(5)
    for trial in range(20):
        store = OutlineStore(tmp_path / str(trial), "reader 1")
        empty = np.zeros(SHAPE, dtype=np.bool_)
        here, past, future = empty, [], []  # type: ignore[var-annotated]
        for number in range(1, 30):
            offered = ["edit", "edit", *(["amend"] if past else []), *(["undo"] if past else [])]
            step = str(rng.choice([*offered, *(["redo"] if future else [])]))
            if step == "undo":
                future.append(here)
                here = past.pop()
            elif step == "redo":
                past.append(here)
                here = future.pop()
            else:
                if step == "edit":
                    past.append(here)
                    future = []
                here = mask_of(1000 * trial + number)
            store.save("a", SHAPE, to_runs(here), step=step)  # type: ignore[arg-type]
        found = store.steps("a")
        for numbers, states in ((found.past, past), (found.future, future)):
            assert len(numbers) == len(states)
            for save, state in zip(numbers, states, strict=True):
                known = store.load("a", SHAPE, save) if save else None
                np.testing.assert_array_equal(empty if known is None else known.lesion, state)


def test_further_lesions_are_kept_apart_from_the_studied_one_analytic(tmp_path: Path) -> None:
    store = OutlineStore(tmp_path, "reader 1")
    first, second, third = (np.zeros(SHAPE, dtype=np.bool_) for _ in range(3))
    first[1:4, 1:4], second[3:6, 3:6], third[7, 9] = True, True, True
    store.save("a", SHAPE, to_runs(first), others=[to_runs(second), to_runs(third)])
    found = store.load("a", SHAPE)
    assert found is not None
    for kept, drawn in zip((found.lesion, *found.others), (first, second, third), strict=True):
        np.testing.assert_array_equal(kept, drawn)
    further = read_mask(store.place / "a.others.png", None, choice="all")
    np.testing.assert_array_equal(further, (second | third) & ~first)
    store.save("a", SHAPE, to_runs(first))
    assert not (store.place / "a.others.png").exists()


def test_what_follows_a_torn_line_is_read_analytic(tmp_path: Path) -> None:
    store = OutlineStore(tmp_path, "reader 1")
    store.save("a", SHAPE, to_runs(mask_of(1)))
    with (store.place / "a.history.jsonl").open("a", encoding="utf-8") as stream:
        stream.write('{"time": "2026-01-01", "save": 2, "runs": [4, 5')
    store.save("a", SHAPE, to_runs(mask_of(2)))
    found = store.load("a", SHAPE)
    assert found is not None
    np.testing.assert_array_equal(found.lesion, mask_of(2))
