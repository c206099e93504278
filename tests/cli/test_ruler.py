"""`perirad ruler`: what is printed, what a script reads, when it is status 1."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image

from perirad.cli.main import main
from perirad.simulate.screenshot import Screenshot, simulate_screenshot

SEED = 5


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def ruler(*words: str | Path) -> Done:
    """Run the command in this process: most of the time of another one would be its start."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["perirad", "ruler", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
    return Done(int(end.value.code or 0), out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def shot() -> Screenshot:
    return simulate_screenshot(SEED)


@pytest.fixture(scope="module")
def picture(shot: Screenshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ruler") / "screen.png"
    Image.fromarray(shot.pixels).save(path)
    return path


def test_people_read_what_to_write_simulated(picture: Path, shot: Screenshot) -> None:
    done = ruler(picture, "--tick-mm", str(shot.tick_mm))
    assert done.returncode == 0, done.stderr
    assert f"ticks every {shot.tick_mm:g} mm (stated)" in done.stdout
    label, value = done.stdout.splitlines()[-1].split(" = ")
    assert label == "write in the table: spacing_mm"
    assert float(value.split()[0]) == pytest.approx(shot.spacing_mm[0], rel=0.01)


def test_scripts_read_json_and_a_figure_is_written_simulated(picture: Path, shot: Screenshot) -> None:
    figure = picture.with_name("found.png")
    done = ruler(picture, "--tick-mm", str(shot.tick_mm), "--json", "--figure", figure)
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert record["sure"] is True
    assert record["tick_stated"] is True
    assert record["spacing_mm"] == pytest.approx(shot.spacing_mm, rel=0.01)
    assert {one["side"] for one in record["rulers"]} <= {one.side for one in shot.rulers}
    with Image.open(figure) as drawn:
        assert drawn.size[0] == 2 * max(shot.pixels.shape)


def test_a_process_of_its_own_does_the_same_analytic(picture: Path) -> None:
    command = [sys.executable, "-W", "error::DeprecationWarning", "-m", "perirad", "ruler", str(picture), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    here = ruler(picture, "--json")
    assert (done.returncode, done.stdout, done.stderr) == here


def test_no_ruler_is_status_one_analytic(tmp_path: Path) -> None:
    path = tmp_path / "flat.png"
    Image.fromarray(np.full((200, 300), 40, dtype=np.uint8)).save(path)
    done = ruler(path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: a ruler must be seen in the picture, got none (flat.png): state the spacing")
    record = json.loads(ruler(path, "--json").stdout)
    assert (record["sure"], record["spacing_mm"]) == (False, None)


def test_an_unsure_reading_is_shown_and_status_one_analytic(tmp_path: Path) -> None:
    """Equal ticks, their distance not stated."""
    pixels = np.zeros((400, 300), dtype=np.uint8)
    pixels[20:380, 40:250] = np.random.default_rng(1).integers(30, 110, (360, 210))
    for row in range(25, 380, 40):
        pixels[row : row + 2, 262:270] = 220
    path = tmp_path / "equal.png"
    Image.fromarray(pixels).save(path)
    done = ruler(path)
    assert done.returncode == 1
    assert "ruler right: 9 ticks, 40.00 px apart (rms 0.00 px)" in done.stdout
    assert "write in the table" not in done.stdout
    assert done.stderr.startswith("error: a ruler must be read with a confidence of at least 0.8, got 0.50 (equal.png)")
    stated = ruler(path, "--tick-mm", "10")
    assert stated.returncode == 0
    assert stated.stdout.splitlines()[-1] == "write in the table: spacing_mm = 0.25"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["nowhere.png"], "got no such file"),
        (["FILE", "--tick-mm", "-5"], "the distance of the ticks must be positive, got tick_mm=-5.0"),
        (["FILE", "--tick-mm", "nan"], "the distance of the ticks must be positive, got tick_mm=nan"),
    ],
)
def test_complaints_are_one_line_analytic(picture: Path, words: list[str], line: str) -> None:
    done = ruler(*[picture if word == "FILE" else word for word in words])
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert line in done.stderr
