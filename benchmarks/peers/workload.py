"""The images and regions that all peers measure: written once as .npz, read by every peer's script.

600 x 800 pixels of 0.08 mm; a lesion of about 22,000 pixels and its dilations by 3, 5 and 8 mm (about 108,000 pixels);
speckle that is wider than tall and darker in the lesion. No real image, so that anybody can repeat it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from scipy import ndimage

SHAPE = (600, 800)
SPACING_MM = 0.08
WIDTHS_MM = (3, 5, 8)


def write_workload(folder: Path, n_images: int, shape: tuple[int, int] = SHAPE) -> None:
    """Write `n_images` files ``image0.npz`` ... with `image` (uint8) and boolean masks I, I+3, I+5, I+8."""
    folder.mkdir(parents=True, exist_ok=True)
    scale = shape[0] / SHAPE[0]
    row, column = np.indices(shape)
    for number in range(n_images):
        rng = np.random.default_rng(number)
        wobble = 1.0 + 0.06 * np.sin(5.0 * np.arctan2(row - shape[0] / 2, column - shape[1] / 2) + number)
        radius = np.hypot((row - shape[0] / 2) / (66.7 * scale), (column - shape[1] / 2) / (105.0 * scale))
        lesion = radius < wobble
        field = ndimage.gaussian_filter(rng.normal(size=(2, *shape)), (0, 1.2, 2.4))
        envelope = np.hypot(*field) / np.hypot(*field).mean()
        grey = 118.0 + 38.0 * np.log(envelope + 0.05) - 48.0 * ndimage.gaussian_filter(lesion.astype(float), 4)
        distance = ndimage.distance_transform_edt(~lesion, sampling=SPACING_MM)
        masks: dict[str, Any] = {f"I+{mm}": distance <= mm for mm in WIDTHS_MM}
        image = np.clip(np.round(grey), 0, 255).astype(np.uint8)
        np.savez_compressed(folder / f"image{number}.npz", image=image, I=lesion, **masks)
