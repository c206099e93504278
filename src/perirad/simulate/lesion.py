"""Lesion shapes, distance from the margin, and the windows of what surrounds the lesion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

__all__ = ["Shape", "feret_mm", "margin_distance_mm", "outline_radius", "rim_window", "smooth_step"]

Float32 = NDArray[np.float32]

ANGLES = np.linspace(-np.pi, np.pi, 721)


@dataclass(frozen=True)
class Shape:
    """What is drawn for the body of a lesion.

    Parameters
    ----------
    diameter_mm : float
        Length of the long axis before the outline is made irregular.
    aspect : float
        Short over long axis.
    angle : float
        Angle of the long axis with the skin, in radians.
    margin : {"circumscribed", "indistinct", "angular", "spiculated"}
        Kind of outline.
    """

    diameter_mm: float
    aspect: float
    angle: float
    margin: str


ROUGHNESS = {"circumscribed": 0.035, "indistinct": 0.09, "angular": 0.08, "spiculated": 0.085}


def outline_radius(rng: np.random.Generator, shape: Shape) -> NDArray[np.float64]:
    """Radius of the outline, in mm, at 721 angles from -pi to pi (0 is to the right, positive is down)."""
    a, b = shape.diameter_mm / 2.0, shape.diameter_mm * shape.aspect / 2.0
    turned = ANGLES - shape.angle
    ellipse = a * b / np.hypot(b * np.cos(turned), a * np.sin(turned))
    order = np.arange(2, 15)[:, None]
    weight = rng.standard_normal((13, 1)) / (order / 2.0) ** 0.9
    phase = rng.uniform(-np.pi, np.pi, (13, 1))
    relief = ROUGHNESS[shape.margin] * (weight * np.cos(order * ANGLES + phase)).sum(axis=0)
    if shape.margin == "angular":
        relief += corners(rng, count=int(rng.integers(3, 6)), height=0.16, width=0.30)
    if shape.margin == "spiculated":
        relief += corners(rng, count=int(rng.integers(7, 13)), height=0.17, width=0.11)
    radius: NDArray[np.float64] = ellipse * np.exp(np.clip(relief, -0.35, 0.35))
    return radius


def corners(rng: np.random.Generator, *, count: int, height: float, width: float) -> NDArray[np.float64]:
    """Peaks with straight flanks at random angles: corners of an angular margin, feet of spicules."""
    centre = rng.uniform(-np.pi, np.pi, (count, 1))
    height_each = height * rng.uniform(0.5, 1.3, (count, 1))
    gap = np.abs(np.angle(np.exp(1j * (ANGLES - centre))))
    peaks: NDArray[np.float64] = (height_each * np.exp(-gap / width)).sum(axis=0)
    return peaks


def margin_distance_mm(
    radius: NDArray[np.float64], depth_mm: Float32, across_mm: Float32, *, spacing_mm: float
) -> Float32:
    """Euclidean distance from the outline, negative inside.

    Parameters
    ----------
    radius : ndarray of shape (721,)
        Outline about the lesion's centre.
    depth_mm, across_mm : ndarray of shape (n_rows, 1) and (1, n_columns)
        Position of the cells from the lesion's centre.
    """
    angle = np.arctan2(depth_mm, across_mm)
    inside = np.hypot(depth_mm, across_mm) < np.interp(angle, ANGLES, radius)
    outer = ndimage.distance_transform_edt(~inside) - 0.5
    inner = ndimage.distance_transform_edt(inside) - 0.5
    return (np.where(inside, -inner, outer) * spacing_mm).astype(np.float32)


def smooth_step(x: Float32) -> Float32:
    """Rise from 0 at x = 0 to 1 at x = 1 without a corner."""
    t = np.clip(x, np.float32(0.0), np.float32(1.0))
    return t * t * (np.float32(3.0) - np.float32(2.0) * t)


def rim_window(distance_mm: Float32, reach_mm: float) -> Float32:
    """Weight of the rim: faint beside the margin, strongest at three quarters of its reach, nothing beyond."""
    foot = np.float32(RIM_FOOT) * smooth_step(distance_mm / np.float32(0.1 * reach_mm))
    rise = smooth_step((distance_mm / np.float32(reach_mm) - np.float32(0.34)) / np.float32(0.40))
    fall = smooth_step((np.float32(1.0) - distance_mm / np.float32(reach_mm)) / np.float32(0.26))
    return (foot + np.float32(1.0 - RIM_FOOT) * rise) * fall


RIM_FOOT = 0.25


def feret_mm(mask: NDArray[np.bool_], spacing_mm: float) -> float:
    """Largest caliper diameter of a mask, over 90 directions."""
    rows = np.flatnonzero(mask.any(axis=1))
    first = mask[rows].argmax(axis=1)
    last = mask.shape[1] - 1 - mask[rows, ::-1].argmax(axis=1)
    points = np.concatenate([np.stack([rows, first], axis=1), np.stack([rows, last], axis=1)])
    direction = np.linspace(0.0, np.pi, 90, endpoint=False)
    along = points @ np.stack([np.sin(direction), np.cos(direction)])
    return float((np.ptp(along, axis=0).max() + 1.0) * spacing_mm)
