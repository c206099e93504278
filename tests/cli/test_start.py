"""What a cold start loads: a command pays for no library that its files do not need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

HEAVY = ("scipy", "pandas", "pyarrow", "matplotlib", "SimpleITK", "pydicom", "jinja2", "docx", "rich", "openpyxl")
CODE = """
import sys
from perirad.cli.main import main
try:
    main()
finally:
    print(*sorted(set(HEAVY) & set(sys.modules)), file=sys.stderr)
"""


@pytest.fixture
def case(tmp_path: Path) -> tuple[str, str]:
    """An image and its mask, as PNG."""
    pixels = np.random.default_rng(1).integers(0, 256, (60, 80)).astype(np.uint8)
    mask = np.zeros_like(pixels)
    mask[20:40, 30:50] = 255
    names = tmp_path / "image.png", tmp_path / "mask.png"
    for name, data in zip(names, (pixels, mask), strict=True):
        Image.fromarray(data).save(name)
    return str(names[0]), str(names[1])


def loaded(*words: str) -> str:
    """Which heavy modules a command has loaded when it ends."""
    code = f"HEAVY = {HEAVY!r}\n{CODE}"
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("feature,value,unit,ibsi\nI_original_shape2D_")
    return done.stderr.strip()


def test_features_of_a_png_load_no_heavy_module_analytic(case: tuple[str, str]) -> None:
    assert loaded("features", *case, "--spacing-mm", "0.5") == ""


def test_features_of_an_nrrd_load_its_reader_alone_analytic(case: tuple[str, str], tmp_path: Path) -> None:
    import SimpleITK

    picture = SimpleITK.ReadImage(case[0])
    picture.SetSpacing((0.5, 0.5))
    SimpleITK.WriteImage(picture, str(tmp_path / "image.nrrd"))
    assert loaded("features", str(tmp_path / "image.nrrd"), case[1]) == "SimpleITK"
