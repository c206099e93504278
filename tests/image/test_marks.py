from __future__ import annotations

import csv
import io
import itertools
import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from scipy import ndimage
from tests.image.painter import Painter, Pixels, as_image

from perirad.image.marks import EXCLUDED_FROM, Marks, find_marks
from perirad.image.marks_needle import WIDTH_MM, Needle
from perirad.image.marks_strokes import box_dilate
from perirad.simulate.bmode import CENTRES
from perirad.simulate.cohort import CohortSettings, simulate_case

SPACING_MM = CENTRES["A"].spacing_mm
WORDS = ("LT BREAST 10:00 3CM FN", "1 D 12.4 mm", "RAD  L", "Dist 1.25 cm", "MI 1.1 TIs 0.3")
EIGHT = np.ones((3, 3), dtype=bool)


@pytest.fixture(scope="module")
def pictures() -> list[Pixels]:
    settings = CohortSettings(n_patients=12, seed=5)
    return [simulate_case(index, "analysed", settings)[1].pixels for index in range(10)]


def speckle(rows: int = 300, columns: int = 400, seed: int = 3, mean: float = 70.0) -> Pixels:
    rng = np.random.default_rng(seed)
    rough = ndimage.gaussian_filter(rng.standard_normal((rows, columns)), (1.2, 2.2))
    shown: Pixels = np.clip(mean + 18.0 * rough / rough.std(), 0, 255).round()
    return shown


def scribbled(pixels: Pixels, seed: int) -> Painter:
    """Three lines of text, two pairs of calipers and a dotted line, each of a grey of its own."""
    rng = np.random.default_rng(seed)
    rows, columns = pixels.shape
    painter = Painter(pixels.astype(np.float64))
    for _ in range(3):
        place = int(rng.integers(5, rows - 40)), int(rng.integers(5, columns - 170))
        size, grey = int(rng.integers(11, 22)), int(rng.integers(160, 256))
        painter.text(place, str(rng.choice(WORDS)), size=size, grey=grey, outlined=bool(rng.random() < 0.4))
    for draw in (painter.plus, painter.cross):
        grey, arm, width = int(rng.integers(160, 256)), int(rng.integers(4, 9)), int(rng.integers(1, 4))
        ends = [(int(rng.integers(40, rows - 40)), int(rng.integers(40, columns - 40))) for _ in range(2)]
        for end in ends:
            draw(end, arm=arm, width=width, grey=grey)
        painter.dotted(*ends, apart=float(rng.uniform(5, 10)), side=int(rng.integers(1, 3)), grey=grey)
    return painter


def recall_and_false(painter: Painter, marks: Marks) -> tuple[float, float]:
    """Share of the ink that is found, and share of the picture that is found away from any ink."""
    ink = painter.truth("text", "calipers")
    away = ~ndimage.binary_dilation(painter.touched(), EIGHT, iterations=3)
    return float((marks.any & ink).sum() / ink.sum()), float((marks.any & away).mean())


@pytest.mark.parametrize("quality", [None, 85])
def test_painted_marks_are_found_and_tissue_is_not_simulated(pictures: list[Pixels], quality: int | None) -> None:
    results = []
    for seed, pixels in enumerate(pictures):
        painter = scribbled(pixels, seed)
        if quality is not None:
            painter.pixels = through_jpeg(painter.pixels, quality)
        results.append(recall_and_false(painter, find_marks(painter.image(SPACING_MM))))
    recall, false = np.array(results).T
    assert recall.mean() >= 0.90
    assert recall.min() >= 0.65
    assert false.max() <= 0.005


def test_clean_pictures_have_no_marks_simulated(pictures: list[Pixels]) -> None:
    for pixels in pictures:
        marks = find_marks(as_image(pixels, SPACING_MM))
        assert not marks.any.any()
        assert marks.words == "no marks found"


def through_jpeg(pixels: Pixels, quality: int) -> Pixels:
    buffer = io.BytesIO()
    Pillow.fromarray(pixels.astype(np.uint8)).save(buffer, format="JPEG", quality=quality)
    return np.asarray(Pillow.open(buffer), dtype=np.float64)


@pytest.mark.parametrize(("kind", "arm", "width"), [("plus", 5, 1), ("plus", 8, 2), ("cross", 5, 1), ("cross", 8, 2)])
def test_crosses_are_calipers_painted(kind: str, arm: int, width: int) -> None:
    painter = Painter(speckle())
    for centre in ((60, 80), (200, 300)):
        getattr(painter, kind)(centre, arm=arm, width=width, grey=230)
    marks = find_marks(painter.image())
    assert (marks.calipers | ~painter.truth("calipers")).all()
    assert not marks.text.any()


def test_dotted_and_thin_lines_are_calipers_painted() -> None:
    painter = Painter(speckle())
    painter.dotted((40, 60), (150, 200), apart=7.0, side=2, grey=220)
    painter.dotted((250, 60), (250, 300), apart=8.0, side=2, grey=220)
    painter.line((60, 250), (200, 370), width=1, grey=220)
    marks = find_marks(painter.image())
    ink = painter.truth("calipers")
    assert (marks.calipers & ink).sum() >= 0.97 * ink.sum()
    assert not marks.text.any()


def test_words_are_text_painted() -> None:
    painter = Painter(speckle())
    painter.text((50, 60), "LT BREAST 10:00", size=16, grey=210)
    painter.text((200, 100), "x + t X", size=16, grey=210)
    marks = find_marks(painter.image())
    ink = painter.truth("text")
    assert (marks.text & ink).sum() >= 0.97 * ink.sum()
    assert not marks.calipers.any()


def test_black_outline_goes_with_the_letters_painted() -> None:
    painter = Painter(speckle(mean=150.0))
    painter.text((50, 60), "LOGIQ", size=18, grey=205, outlined=True)
    marks = find_marks(painter.image())
    ink = painter.truth("text", "outline")
    assert (marks.text & ink).sum() >= 0.97 * ink.sum()


def test_letter_cut_by_the_edge_painted() -> None:
    painter = Painter(speckle())
    painter.line((100, 0), (130, 0), width=3, grey=220)
    painter.line((100, 399), (130, 399), width=3, grey=220)
    marks = find_marks(painter.image())
    assert (marks.any | ~painter.truth("calipers")).all()


def test_frame_is_found_painted() -> None:
    painter = Painter(speckle())
    corners = [(50, 80), (50, 300), (220, 300), (220, 80), (50, 80)]
    for start, end in itertools.pairwise(corners):
        painter.line(start, end, width=1, grey=255)
    marks = find_marks(painter.image())
    assert (marks.text | ~painter.truth("calipers")).all()


@pytest.mark.parametrize("width", [4.0, 8.0])
def test_blurred_spot_is_tissue_analytic(width: float) -> None:
    """A calcification is as bright as a letter, but a beam's blur wide: no flank of it is steep."""
    rows, columns = np.indices((200, 300))
    spot = 180.0 * np.exp(-(((rows - 100) / 2.0) ** 2) - ((columns - 150) / width) ** 2)
    assert not find_marks(as_image(np.clip(speckle(200, 300) + spot, 0, 255))).any.any()


def test_coloured_marks_are_found_whatever_their_grey_painted() -> None:
    pixels = speckle()
    chroma = np.zeros(pixels.shape, dtype=np.uint8)
    chroma[100:111, 200] = chroma[105, 195:206] = 180
    marks = find_marks(as_image(pixels, chroma=chroma))
    assert marks.calipers[chroma > 0].all()
    assert marks.any.sum() <= 9 * (chroma > 0).sum()
    assert not marks.colour.any()


def test_doppler_window_is_colour_painted() -> None:
    pixels = speckle()
    chroma = np.zeros(pixels.shape, dtype=np.uint8)
    chroma[80:150, 100:220] = 200
    chroma[100:104, 60:64] = 200
    marks = find_marks(as_image(pixels, chroma=chroma))
    assert marks.colour[80:150, 100:220].all()
    assert marks.text[100:104, 60:64].all()
    assert not (marks.text & marks.colour).any()
    assert "coloured overlay" in marks.words


def test_tint_and_chroma_noise_are_no_marks_analytic() -> None:
    pixels = speckle()
    tint = (0.25 * pixels).astype(np.uint8)
    assert not find_marks(as_image(pixels, chroma=tint)).any.any()
    noise = np.random.default_rng(1).integers(0, 31, pixels.shape).astype(np.uint8)
    noise[::40, ::40] = 90  # lone specks
    assert not find_marks(as_image(pixels, chroma=noise)).any.any()


def needled(pixels: Pixels, degrees: float, length_mm: float, *, grey: int = 240) -> Painter:
    """A needle that comes in from the left edge, a fifth of the way down."""
    painter = Painter(pixels.astype(np.float64))
    start = (0.2 * pixels.shape[0], 0.0)
    length, angle = length_mm / SPACING_MM, math.radians(degrees)
    end = (start[0] + length * math.sin(angle), length * math.cos(angle))
    painter.needle(start, end, width=0.9 / SPACING_MM, grey=grey)
    return painter


@pytest.mark.parametrize("degrees", [25.0, 35.0, 45.0])
def test_needle_is_marked_simulated(pictures: list[Pixels], degrees: float) -> None:
    for pixels in pictures[:3]:
        painter = needled(pixels, degrees, 20.0)
        marks = find_marks(painter.image(SPACING_MM))
        ink = painter.truth("needle")
        assert marks.suspected.confidence >= EXCLUDED_FROM
        assert (marks.needle & ink).sum() >= 0.95 * ink.sum()
        assert not marks.text.any()
        assert not marks.calipers.any()
        assert marks.suspected.length_mm == pytest.approx(20.0, abs=2.0)
        assert "needle suspected" in marks.words


@pytest.mark.parametrize(("degrees", "length_mm", "grey"), [(5.0, 25.0, 240), (35.0, 8.0, 240), (35.0, 20.0, 120)])
def test_flat_short_or_faint_line_is_not_marked_simulated(
    pictures: list[Pixels], degrees: float, length_mm: float, grey: int
) -> None:
    marks = find_marks(needled(pictures[0], degrees, length_mm, grey=grey).image(SPACING_MM))
    assert not marks.needle.any()


def test_bent_line_is_not_marked_simulated(pictures: list[Pixels]) -> None:
    rows, columns = np.indices(pictures[0].shape)
    arc = np.abs(np.hypot(rows - 420, columns - 250) - 250) * SPACING_MM
    line = 220 * np.exp2(-((arc / 0.45) ** 2))
    marks = find_marks(as_image(np.maximum(pictures[0], line), SPACING_MM))
    assert not marks.needle.any()


@pytest.mark.parametrize("spacing_mm", [(0.1, 0.1), (0.05, 0.1)])
def test_needle_mask_is_a_rounded_band_analytic(spacing_mm: tuple[float, float]) -> None:
    start, end = ((mm / spacing_mm[0], across / spacing_mm[1]) for mm, across in ((5.0, 5.0), (14.0, 17.0)))
    mask = Needle(start, end, 15.0, 1.0).mask((600, 300), spacing_mm)
    area_mm2 = float(mask.sum()) * spacing_mm[0] * spacing_mm[1]
    assert area_mm2 == pytest.approx(15.0 * WIDTH_MM + math.pi * WIDTH_MM**2 / 4.0, rel=0.01)


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((1, 1)), np.full((2, 3), 255.0), np.zeros((300, 400)), np.full((300, 400), 90.0), np.eye(7) * 255.0],
    ids=["one pixel", "tiny", "black", "flat", "seven"],
)
def test_degenerate_pictures_give_masks_of_their_shape_analytic(pixels: Pixels) -> None:
    marks = find_marks(as_image(pixels))
    assert marks.any.shape == pixels.shape
    assert not marks.needle.any()
    assert marks.suspected.confidence == 0.0
    if np.ptp(pixels) == 0:
        assert not marks.any.any()


@pytest.mark.parametrize("factor", [257.0, 1.0 / 255.0])
def test_scale_of_the_grey_values_changes_nothing_analytic(factor: float) -> None:
    painter = Painter(speckle())
    painter.text((50, 60), "LT BREAST", size=16, grey=255)
    painter.plus((200, 300), arm=6, width=1, grey=255)
    shown, scaled = (find_marks(as_image(pixels)) for pixels in (painter.pixels, painter.pixels * factor))
    assert (shown.text == scaled.text).all()
    assert (shown.calipers == scaled.calipers).all()


def test_white_noise_ends_and_repeats_analytic() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (300, 400)).astype(np.float64)
    first, second = (find_marks(as_image(noise)) for _ in range(2))
    assert (first.any == second.any).all()
    assert first.suspected == second.suspected


@pytest.mark.parametrize("reach", [1, 2, 3, 6, 10])
def test_box_dilate_scipy(reach: int) -> None:
    mask = np.random.default_rng(2).random((37, 23)) > 0.99
    square = np.ones((2 * reach + 1, 2 * reach + 1), dtype=bool)
    assert (box_dilate(mask, reach) == ndimage.binary_dilation(mask, square)).all()


def test_masks_are_read_only_analytic() -> None:
    marks = find_marks(as_image(speckle()))
    with pytest.raises(ValueError, match="read-only"):
        marks.text[0, 0] = True


@pytest.mark.shared
def test_no_mark_near_a_lesion_of_real_pictures_by_eye(shared: Path) -> None:
    """All 128 were looked at: five have a white line at their right edge, none a mark on its tissue."""
    folder = shared / "data" / "breast_usg"
    with (folder / "clinical.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows[::6]:
        rgb = np.asarray(Pillow.open(folder / "images" / row["Image_filename"]).convert("RGB"))
        chroma = np.ptp(rgb, axis=2)
        marks = find_marks(as_image(rgb.mean(axis=2), 10.0 * float(row["Pixel_size"]), chroma))
        assert not marks.any[:, :-5].any(), row["Image_filename"]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "box"),
    [("malignant (38)", (1, 0, 9, 40)), ("malignant (38)", (14, 9, 24, 26)), ("benign (103)", (17, 0, 25, 6))],
)
def test_letters_on_real_tissue_by_eye(shared: Path, name: str, box: tuple[int, int, int, int]) -> None:
    """The maker's name in the corner: boxes with nothing but letters and their outline, read off the pictures."""
    path = shared / "data" / "busi_sample" / name.split(maxsplit=1)[0] / f"{name}.png"
    pixels = np.asarray(Pillow.open(path).convert("L"), dtype=np.float64)
    marks = find_marks(as_image(pixels, 0.1))
    top, left, bottom, right = box
    letters = pixels[top:bottom, left:right] >= 150
    assert (marks.text[top:bottom, left:right] & letters).sum() >= 0.97 * letters.sum()
    beyond = np.ones(pixels.shape, dtype=bool)
    beyond[:34, :60] = False
    assert not (marks.any & beyond).any()
