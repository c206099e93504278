from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from perirad.cli import main
from perirad.image.roi import read_mask

SHAPE = 40, 50
VALUES = np.zeros(SHAPE, np.uint8)
VALUES[5:20, 8:30] = 1
VALUES[8:11, 10:14] = 0
VALUES[25:30, 33:44] = 2


@pytest.fixture
def case(tmp_path: Path) -> Path:
    Pillow.fromarray(np.full(SHAPE, 90, np.uint8)).save(tmp_path / "i.png")
    Pillow.fromarray(VALUES).save(tmp_path / "m.png")
    return tmp_path


def convert(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["perirad", "convert-mask", *words])
    with pytest.raises(SystemExit) as end:
        main.main()
    return int(end.value.code or 0)


@pytest.mark.parametrize("name", ["o.seg.nrrd", "o.nii.gz", "o.json", "o.coco.json", "o.rle.json", "o.xml"])
def test_there_and_back_analytic(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    image, out, back = (str(case / file) for file in ("i.png", name, "back.png"))
    assert convert(monkeypatch, str(case / "m.png"), image, out) == 0
    assert capsys.readouterr().out.splitlines() == [
        "lesion 1 (318 pixels)",
        "lesion 2 (55 pixels)",
        f"outlines: {out}",
    ]
    assert convert(monkeypatch, out, image, back) == 0
    assert np.array_equal(np.asarray(Pillow.open(back)), VALUES)


def test_one_lesion_is_chosen_analytic(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    image, mask = str(case / "i.png"), str(case / "m.png")
    assert convert(monkeypatch, mask, image, str(case / "two.xml"), "--label", "2") == 0
    assert read_mask(case / "two.xml", SHAPE).sum() == 55
    assert convert(monkeypatch, mask, image, str(case / "big.xml"), "--choice", "largest") == 0
    assert read_mask(case / "big.xml", SHAPE).sum() == 318
    assert convert(monkeypatch, mask, image, str(case / "one.xml"), "--choice", "one") == 1


def test_existing_files_are_kept_analytic(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    image, mask = str(case / "i.png"), str(case / "m.png")
    assert convert(monkeypatch, mask, image, mask) == 1
    assert "the new file must not exist yet" in capsys.readouterr().err
    assert convert(monkeypatch, mask, image, mask, "--force", "--label", "2") == 0
    assert read_mask(case / "m.png", SHAPE, label=255).sum() == 55
