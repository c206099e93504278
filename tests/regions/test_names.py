from __future__ import annotations

import pytest

from perirad.errors import InputError
from perirad.regions.legacy import Element, LegacyRing
from perirad.regions.names import Kind, RegionName, parse_region_name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I", RegionName(Kind.LESION)),
        ("P5", RegionName(Kind.RING, 0.0, 5.0)),
        ("P2.5", RegionName(Kind.RING, 0.0, 2.5)),
        ("R3-5", RegionName(Kind.BETWEEN, 3.0, 5.0)),
        ("R0-0.5", RegionName(Kind.BETWEEN, 0.0, 0.5)),
        ("U5", RegionName(Kind.UNION, 0.0, 5.0)),
        ("N2", RegionName(Kind.RIM, 0.0, 2.0)),
        ("C2", RegionName(Kind.CORE, 0.0, 2.0)),
        ("T8-13", RegionName(Kind.TISSUE, 8.0, 13.0)),
        ("P20px-square", LegacyRing(20, Element.SQUARE)),
        ("P3px-disc-filled", LegacyRing(3, Element.DISC, filled=True)),
    ],
)
def test_name_is_read_and_written_back_analytic(text: str, expected: RegionName | LegacyRing) -> None:
    assert parse_region_name(text) == expected
    assert str(expected) == text


@pytest.mark.parametrize(("text", "written"), [("P5.0", "P5"), ("R03-05.50", "R3-5.5")])
def test_one_region_has_one_name_analytic(text: str, written: str) -> None:
    assert str(parse_region_name(text)) == written


ANY = "region name must be I, P5, R3-5, U5, N2, C2, T8-13 or P20px-square"
MEND = "write a letter and millimetres with a point, such as P2.5"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (text, f"{ANY}, got {text!r}: {MEND}")
        for text in (
            "",
            "p5",
            "I5",
            "X5",
            "P",
            "P5mm",
            "P-5",
            "P5,0",
            "P+5",
            "P1e3",
            "Pnan",
            "P5 ",
            "P5\n",
            "P٥",
            "R3–5",
        )
    ]
    + [
        ("P0", "region P: width must be positive, got 'P0'"),
        ("C0.0", "region C: width must be positive, got 'C0.0'"),
        ("P3-5", "region P must have 1 width, such as P5, got 'P3-5'"),
        ("R5", "region R must have 2 widths, such as R3-5, got 'R5'"),
        ("T13", "region T must have 2 widths, such as T3-5, got 'T13'"),
        ("R5-3", "region R: the second width must exceed the first, got 'R5-3'"),
        ("R3-3", "region R: the second width must exceed the first, got 'R3-3'"),
        ("P0px-disc", "pixels of a dilation must be a whole number of 1 or more, got n_pixels=0"),
        ("P5px-star", "structuring element must be one of square, cross, diamond, disc, got 'star'"),
    ],
)
def test_wrong_name_is_explained_analytic(text: str, line: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_region_name(text)
    assert str(caught.value) == line
