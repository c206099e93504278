"""The montage: what is on it, in which order, in which size, and that it needs nothing beside itself."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image as Pillow
from tests.study.pictures import case, disc, speckle

from perirad.errors import InputError
from perirad.image.image import Source
from perirad.report.montage import montage_writer
from perirad.report.montage_html import montage_html
from perirad.report.montage_look import colour, dash, words
from perirad.report.montage_page import montage_pdf, montage_png
from perirad.report.montage_tile import Montage, Tile, make_tile


def _tile(seed: int = 1, **more: object) -> Tile:
    return make_tile(f"case {seed}", *case(speckle(seed), disc(20), **more))  # type: ignore[arg-type]


def _montage(*tiles: Tile, **more: object) -> Montage:
    return Montage("A <study> & more", False, tiles, **more)  # type: ignore[arg-type]


def test_an_outline_has_the_area_of_its_region_analytic() -> None:
    """Area by the shoelace formula, in pixels of the tile, which is 1.5 times the picture; rings hold the lesion."""
    tile = _tile()
    assert tile.size == (300, 225)
    for name, radius in {"I": 20.0, "P1": 25.0, "P2": 30.0}.items():
        (line,) = tile.outlines[name]
        x, y = line.T
        area = abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2.0
        assert area == pytest.approx(np.pi * (1.5 * radius) ** 2, rel=0.03)
        assert np.hypot(x - 1.5 * 100.5, y - 1.5 * 75.5).max() < 1.5 * radius + 1.5
        assert len(line) < 200


def test_an_outline_is_open_where_the_picture_ends_analytic() -> None:
    tile = make_tile("cut", *case(speckle(1), disc(20, (24, 100))))
    (line,) = tile.outlines["P2"]
    assert (line[0] != line[-1]).any()
    assert line[[0, -1], 1].max() < 1.0
    assert tile.lost["P2"] > 0.0


def test_the_scale_bar_is_as_long_as_it_says_analytic() -> None:
    """200 columns of 0.2 mm on 300 pixels: 7.5 pixels to the millimetre, a quarter of the width is 10 mm."""
    assert _tile().bar.text == "10 mm"
    assert _tile().bar.length == pytest.approx(75.0)
    assumed = _tile(source=Source.ASSUMED)
    assert assumed.bar.text == "50 px (assumed 0.2 mm)"
    assert assumed.bar.length == pytest.approx(75.0)


def test_pixels_are_square_on_the_tile_analytic() -> None:
    image, _ = case(speckle(1), disc(20))
    flat = replace(image, spacing_mm=(0.1, 0.2))
    assert make_tile("flat", flat, [replace(case(speckle(1), disc(20))[1][0], spacing_mm=(0.1, 0.2))]).size == (
        300,
        112,
    )


def test_grey_of_other_scales_fills_eight_bits_analytic() -> None:
    image, regions = case(speckle(1) * 200.0, disc(20))
    grey = np.asarray(Pillow.open(io.BytesIO(make_tile("16 bit", image, regions).jpeg)))
    assert grey.min() < 40
    assert grey.max() > 215


def test_flagged_cases_come_first_analytic() -> None:
    tiles = [replace(_tile(seed), flags=("odd",) * count) for seed, count in ((1, 0), (2, 1), (3, 3), (4, 0))]
    assert [tile.case_id for tile in _montage(*tiles).in_order] == ["case 3", "case 2", "case 1", "case 4"]


def test_regions_differ_by_dash_and_by_colour_analytic() -> None:
    regions = ("I", "P3", "P5", "P8", "P10")
    assert dash("I", regions) == ()
    assert len({dash(name, regions) for name in regions}) == 5
    assert len({colour(name, regions) for name in regions}) == 5
    assert words("P5", regions) == "P5 dotted"


def test_the_page_holds_all_and_fetches_nothing_analytic() -> None:
    flagged = replace(_tile(2), flags=("<b>odd</b>",), case_id="<script>alert(1)</script>")
    page = montage_html(_montage(_tile(1), flagged, unread=("case 9: no such file",), general=("few events",)))
    tree = ElementTree.fromstring(re.sub(r"<(meta|input|br)([^>]*)>", r"<\1\2/>", page.split("\n", 1)[1]))
    assert "2 cases, 1 flagged" in "".join(tree.itertext())
    assert [item.get("class") for item in tree.iter("li") if (item.get("id") or "").startswith("case-")] == [
        "flagged",
        None,
    ]
    text = " ".join("".join(tree.itertext()).split())
    for word in (
        "<script>alert(1)</script>",
        "<b>odd</b>",
        "case 9: no such file",
        "few events",
        "10 mm",
        "stated: 0.2",
    ):
        assert word in text
    assert not list(tree.iter("script"))
    places = [value for item in tree.iter() for name, value in item.attrib.items() if name in {"href", "src"}]
    assert all(place.startswith(("#", "data:image/jpeg;base64,")) for place in places)
    anchors = {item.get("id") for item in tree.iter()}
    assert {place[1:] for place in places if place.startswith("#")} <= anchors


def test_a_simulated_cohort_says_so_analytic() -> None:
    assert "not patients" not in montage_html(_montage(_tile(1)))
    assert "Simulated cohort - not patients" in montage_html(replace(_montage(_tile(1)), simulated=True))


def test_433_cases_stay_under_ten_megabytes_analytic() -> None:
    image, regions = case(speckle(1, (500, 700)), disc(90, (250, 350), (500, 700)), mm=0.05)
    tile = make_tile("one", image, regions)
    many = _montage(*(replace(tile, case_id=str(number)) for number in range(12)))
    assert len(montage_html(many)) / 12 * 433 < 10e6


def test_paper_is_whole_and_the_same_each_time_analytic() -> None:
    montage = _montage(*(_tile(seed) for seed in range(3)), replace(_tile(4), flags=("odd",)))
    pdf = montage_pdf(montage)
    assert pdf.startswith(b"%PDF")
    assert pdf == montage_pdf(montage)
    with Pillow.open(io.BytesIO(montage_png(montage))) as picture:
        assert abs(picture.width - 4 * 46.0 / 25.4 * 150) <= 1
    assert montage_png(Montage("empty", False, ())).startswith(b"\x89PNG")
    assert "0 cases" in montage_html(Montage("empty", False, ()))


def test_a_montage_is_written_by_its_ending_analytic(tmp_path: Path) -> None:
    montage_writer(tmp_path / "new" / "all.HTML")(_montage(_tile(1)))
    assert (tmp_path / "new" / "all.HTML").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    with pytest.raises(InputError, match=r"must be \.html, \.pdf or \.png, got \.docx"):
        montage_writer(tmp_path / "all.docx")
