from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from perirad.errors import InputError
from perirad.image.image import Box, Calibration, Image, Source
from perirad.regions.read import read_region

IMAGE = Image(np.zeros((20, 30)), (0.2, 0.1), Calibration(Source.STATED, "test"), Box(0, 4, 20, 30), "x.png")


def test_lesion_takes_its_millimetres_from_the_image_analytic(tmp_path: Path) -> None:
    values = np.zeros((20, 30), np.uint8)
    values[5:9, 10:20] = 2
    values[0, 29] = 1
    Pillow.fromarray(values).save(tmp_path / "m.png", dpi=(1, 1))
    lesion = read_region(tmp_path / "m.png", IMAGE, label=2)
    assert (lesion.name, lesion.n_pixels, lesion.spacing_mm) == ("I", 40, (0.2, 0.1))
    assert lesion.area_mm2 == pytest.approx(0.8)
    assert lesion.lost_total == 0.0
    assert np.array_equal(lesion.mask, values == 2)


def test_lesion_outside_the_field_is_named_analytic(tmp_path: Path) -> None:
    values = np.zeros((20, 30), np.uint8)
    values[5, 2:8] = 255
    Pillow.fromarray(values).save(tmp_path / "m.png")
    with pytest.raises(InputError, match=r"columns 4-29\), got 2 of 6 lesion pixels outside \(x.png\)"):
        read_region(tmp_path / "m.png", IMAGE)
