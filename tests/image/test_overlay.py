from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw

from perirad.image.image import Box, Calibration, Image, Source
from perirad.image.overlay import COLOURED_ABOVE, FILLED_SHARE, FILLED_SIDE, OverlayKind, colour_overlay, coloured
from perirad.image.read import read_image
from perirad.simulate.bmode import *  # noqa: F403
