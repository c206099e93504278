"""A new study from whole folders, in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image as Pillow
from tests.browser.serving import Serve, choose, enter, look

from perirad.simulate.study import write_study
from perirad.study.cohort import read_cohort
from perirad.study.settings import open_study
from perirad.study.table import read_table
from perirad.workbench.outlines import OutlineStore

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow


def choose_folder(page: Page, folder: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.click("[data-folder-of=new-upload]")
    chooser.value.set_files(folder)


def test_a_her2_study_from_a_folder_is_the_one_that_was_simulated_naive(
    serve: Serve, browser: Browser, tmp_path: Path
) -> None:
    """Pictures and masks of one name in two folders, two tables, HER2 by IHC and ISH; the name typed at the end."""
    ward = tmp_path / "ward"
    write_study(ward, n_patients=60, seed=5, effect=1.0, workers=1)
    home = tmp_path / "home"
    home.mkdir()
    server = serve(home)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    enter(page, server)
    files = sum(path.is_file() for path in ward.rglob("*"))
    choose_folder(page, ward)
    page.wait_for_function(f"document.querySelector('#new-files').innerText.startsWith('{files} ')", timeout=60_000)
    cohort = read_cohort(open_study(ward))
    low = sum(case.outcome for case in cohort.cases)
    page.wait_for_selector(f"#new-tally:has-text('HER2-low: {low} · HER2-zero: {60 - low} · left out')")
    assert "cases.csv" in page.locator("label:has(#new-table), #new-table").first.inner_text()
    choose(page, "new-clinical", "age", "margin")
    choose(page, "new-split", "By centre")
    page.click("#make-study")
    page.wait_for_selector("text=say which centres are the test set")
    choose(page, "new-test-centres", "B")
    page.fill("[for=new-name] input, input#new-name", "HER2 on our ward")
    look(page, "new-her2")
    page.click("#make-study")
    page.wait_for_selector(".perirad-banner:has-text('SIMULATED')")
    page.close()
    made = open_study(home / "HER2-on-our-ward")
    assert (made.settings.title, made.settings.split.test_centres) == ("HER2 on our ward", ("B",))
    assert [variable.name for variable in made.settings.clinical.variables] == ["age", "margin"]
    again = read_cohort(made)
    assert not again.fatal
    assert not again.problems
    outcomes = {case.case_id: (case.outcome, case.centre) for case in cohort.cases}
    assert {case.case_id: (case.outcome, case.centre) for case in again.cases} == outcomes
    for old, new in zip(cohort.cases, again.cases, strict=True):
        assert old.files is not None
        assert new.files is not None
        assert new.files.image.read_bytes() == old.files.image.read_bytes()
        assert new.files.mask.read_bytes() == old.files.mask.read_bytes()


def test_a_study_that_could_not_be_made_is_made_when_it_is_mended_analytic(
    serve: Serve, browser: Browser, tmp_path: Path
) -> None:
    """The name is typed at the end, so the folder has moved when the first try fails; files may be dropped again."""
    ward = tmp_path / "ward"
    ward.mkdir()
    for name in ("1.png", "2.png"):
        Pillow.fromarray(np.full((40, 50), 90, np.uint8)).save(ward / name)
    lines = ["case_id,image,mask,spacing_mm,y", "1,1.png,gone.png,0.1,a", "2,2.png,,0.1,b"]
    (ward / "t.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    home = tmp_path / "home"
    home.mkdir()
    server = serve(home)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    enter(page, server)
    for _ in range(2):
        page.goto(server.base)
        choose_folder(page, ward)
        page.wait_for_function("document.querySelector('#new-files').innerText.startsWith('3 ')")
    choose(page, "new-outcome", "y")
    choose(page, "new-event", "a")
    page.wait_for_selector("#new-tally:has-text('a: 1 · b: 1')")
    page.fill("[for=new-name] input, input#new-name", "later")
    page.click("#make-study")
    page.wait_for_selector("text=the mask must be among the files given")
    assert not (home / "new-study").exists()
    page.get_by_label("Outline (mask file)").click()
    page.get_by_role("option").first.click()
    page.click("#make-study")
    page.wait_for_selector("#run-study")
    page.close()
    assert [path.name for path in home.iterdir() if path.is_dir()] == ["later"]
    made = read_table(home / "later" / "cases.csv")
    assert list(made["image"]) == ["given/ward/1.png", "given/ward/2.png"]
    store = OutlineStore(home / "later", "reader 1")
    assert list(made["mask"]) == [store.mask_name("1"), store.mask_name("2")]


@pytest.mark.parametrize("way", ["chosen", "dropped"])
def test_a_whole_folder_is_taken_analytic(serve: Serve, browser: Browser, tmp_path: Path, way: str) -> None:
    """Subfolders are walked through, hidden files are left behind, and the table is found among the images."""
    folder = tmp_path / "from the ward"
    (folder / "images").mkdir(parents=True)
    names = [f"{number}.png" for number in range(3)]
    for name in names:
        Pillow.fromarray(np.full((40, 50), 90, np.uint8)).save(folder / "images" / name)
    (folder / ".DS_Store").write_text("hidden", encoding="utf-8")
    lines = ["case_id,image,spacing_mm,diagnosis", *(f"{name[0]},{name},0.1,benign" for name in names)]
    (folder / "patients.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    home = tmp_path / "home"
    home.mkdir()
    server = serve(home)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    enter(page, server)
    if way == "chosen":
        with page.expect_file_chooser() as chooser:
            page.click("[data-folder-of=new-upload]")
        chooser.value.set_files(folder)
    else:
        box = page.locator("#new-upload [data-folders]").bounding_box()
        assert box is not None
        hand = page.context.new_cdp_session(page)
        for kind in ("dragEnter", "dragOver", "drop"):
            hand.send(
                "Input.dispatchDragEvent",
                {
                    "type": kind, "x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2,
                    "data": {"items": [], "files": [str(folder)], "dragOperationsMask": 1},
                },
            )  # fmt: skip
    page.wait_for_function("document.querySelector('#new-files').innerText.startsWith('4 ')")
    page.wait_for_selector("text=Table: patients.csv, 3 rows")
    page.close()
    given = home / "new-study" / "given"
    found = sorted(path.relative_to(given).as_posix() for path in home.rglob("*") if path.is_file())
    assert found == [*(f"from the ward/images/{name}" for name in names), "from the ward/patients.csv"]
