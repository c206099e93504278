"""Formulas of size and shape, a line each: code or name, two blanks, formula."""

from __future__ import annotations

__all__ = ["FORM", "PYRADIOMICS_FORM"]

FORM = """
RNU0  V, by the tetrahedra between the triangles of the surface and a point
YEKZ  n * volume of a voxel
C0JK  A, sum of the triangles of the surface
2PR5  A / V
SKGS  V / (sqrt(pi) A^1.5)
BQWJ  36 pi V^2 / A^3
KRCK  A / (36 pi V^2)^(1/3)
QCFX  (36 pi V^2)^(1/3) / A
25C7  A / (36 pi V^2)^(1/3) - 1
KLMA  distance of the mean place of the voxels and of their mean place weighted by x
L0JK  largest distance of two corners of the surface
TDIC  4 sqrt(l1), l1 >= l2 >= l3 the eigenvalues of the covariance of the voxels' places (divided by n - 1)
P9VJ  4 sqrt(l2)
7J51  4 sqrt(l3)
Q3CK  sqrt(l2 / l1)
N17B  sqrt(l3 / l1)
PBX1  V / volume of the box along the axes
R59B  A / area of the box along the axes
ZH1A  V / volume of the smallest box
IQYR  A / area of the smallest box
6BDE  V / (4/3 pi a b c), a, b, c = 2 sqrt(l1), 2 sqrt(l2), 2 sqrt(l3)
RDD2  A / area of the ellipsoid a, b, c
SWZ1  V / volume of the smallest ellipsoid around the surface
BRI8  A / area of the smallest ellipsoid around the surface
R3ER  V / volume of the convex hull
7T7F  A / area of the convex hull
99N0  V m
N365  n / sum w * sum w (x1 - m) (x2 - m) / sum (x - m)^2, over pairs of voxels, w = 1 / distance
NPT7  (n - 1) / (2 sum w) * sum w (x1 - x2)^2 / sum (x - m)^2, over pairs of voxels, w = 1 / distance
"""

PYRADIOMICS_FORM = """
shape2D_Elongation  sqrt(l2 / l1), l1 >= l2 the eigenvalues of the covariance of the pixels' places (divided by n)
shape2D_MajorAxisLength  4 sqrt(l1)
shape2D_MaximumDiameter  largest distance of two corners of the outline
shape2D_MeshSurface  S, area within the outline (marching squares)
shape2D_MinorAxisLength  4 sqrt(l2)
shape2D_Perimeter  L, length of the outline
shape2D_PerimeterSurfaceRatio  L / S
shape2D_PixelSurface  n * area of a pixel
shape2D_Sphericity  2 sqrt(pi S) / L
shape_LeastAxisLength  4 sqrt(l3), l1 >= l2 >= l3 the eigenvalues of the covariance of the voxels' places (divided by n)
shape_MajorAxisLength  4 sqrt(l1)
shape_Maximum2DDiameterColumn  largest distance of two corners of the surface in the same row
shape_Maximum2DDiameterRow  largest distance of two corners of the surface in the same column
shape_Maximum2DDiameterSlice  largest distance of two corners of the surface at the same depth
shape_MinorAxisLength  4 sqrt(l2)
"""
