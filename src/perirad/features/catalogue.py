"""PyRadiomics' features: family, name, IBSI code, unit and meaning."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CATALOGUE", "FAMILIES", "SHAPE_CATALOGUE", "Feature"]


@dataclass(frozen=True)
class Feature:
    """One feature.

    Parameters
    ----------
    family : str
        ``shape2D`` (or ``shape``), ``firstorder``, ``glcm``, ``glrlm``, ``glszm``, ``gldm`` or ``ngtdm``.
    name : str
        PyRadiomics' name.
    ibsi_code : str
        Code of the IBSI feature with the same definition; empty where there is none or the definition differs.
        (IBSI defines shape in three dimensions only.)
    unit : str
        ``1`` for a pure number, ``grey`` for grey values, ``level`` for grey levels, ``px`` for numbers of pixels.
    description : str
        What a large value says, in one sentence.
    """

    family: str
    name: str
    ibsi_code: str
    unit: str
    description: str


_SHAPE2D = (
    ("Elongation", "", "1", "Minor axis over major axis: 1 for a round region, towards 0 for a long one."),
    ("MajorAxisLength", "", "mm", "Length of the longer axis of the ellipse with the region's second moments."),
    ("MaximumDiameter", "", "mm", "Largest distance between two points of the outline."),
    ("MeshSurface", "", "mm^2", "Area within the outline that runs halfway between pixels in and out."),
    ("MinorAxisLength", "", "mm", "Length of the shorter axis of the ellipse with the region's second moments."),
    ("Perimeter", "", "mm", "Length of the outline, inner outlines included."),
    ("PerimeterSurfaceRatio", "", "1/mm", "Outline per area: small for large or compact regions."),
    ("PixelSurface", "", "mm^2", "Number of pixels times the area of one."),
    ("Sphericity", "", "1", "Perimeter of the circle of equal area over the perimeter: 1 for a circle."),
)

_FIRSTORDER = (
    ("10Percentile", "QG58", "grey", "Grey value below which a tenth of the pixels lie."),
    ("90Percentile", "8DWT", "grey", "Grey value below which nine tenths of the pixels lie."),
    ("Energy", "N8CA", "grey^2", "Sum of the squared grey values; it grows with the region."),
    ("Entropy", "TLU2", "bit", "Uncertainty of the grey level of a pixel."),
    ("InterquartileRange", "SALO", "grey", "Range of the middle half of the grey values."),
    ("Kurtosis", "", "1", "Weight of the tails of the grey values, 3 for a normal distribution (IBSI subtracts 3)."),
    ("Maximum", "84IY", "grey", "Largest grey value."),
    ("MeanAbsoluteDeviation", "4FUA", "grey", "Mean distance of the grey values to their mean."),
    ("Mean", "Q4LE", "grey", "Mean grey value."),
    ("Median", "Y12H", "grey", "Grey value of the pixel in the middle."),
    ("Minimum", "1GSF", "grey", "Smallest grey value."),
    ("Range", "2OJQ", "grey", "Largest minus smallest grey value."),
    ("RobustMeanAbsoluteDeviation", "1128", "grey", "Mean absolute deviation within the 10th to 90th percentile."),
    ("RootMeanSquared", "5ZWQ", "grey", "Root of the mean squared grey value."),
    ("Skewness", "KE2A", "1", "Asymmetry of the grey values: positive with a tail of bright pixels."),
    ("TotalEnergy", "", "grey^2 mm^2", "Energy times the area of a pixel."),
    ("Uniformity", "BJ5W", "1", "Probability that two random pixels share a grey level."),
    ("Variance", "ECT3", "grey^2", "Mean squared distance of the grey values to their mean."),
)

_GLCM = (
    (
        "Autocorrelation",
        "QWB0",
        "level^2",
        "Mean product of the levels of neighbours: bright regions with even texture.",
    ),
    (
        "ClusterProminence",
        "AE86",
        "level^4",
        "Fourth moment of the sum of neighbours about its mean: rare extreme pairs.",
    ),
    ("ClusterShade", "7NFM", "level^3", "Third moment of the sum of neighbours: positive with few bright clusters."),
    ("ClusterTendency", "DG8W", "level^2", "Variance of the sum of neighbours: pixels group by level."),
    ("Contrast", "ACUI", "level^2", "Mean squared difference of neighbours."),
    ("Correlation", "NI2N", "1", "Linear correlation of neighbours' levels."),
    ("DifferenceAverage", "TF7R", "level", "Mean absolute difference of neighbours."),
    ("DifferenceEntropy", "NTRS", "bit", "Uncertainty of the absolute difference of neighbours."),
    ("DifferenceVariance", "D3YU", "level^2", "Variance of the absolute difference of neighbours."),
    ("Id", "IB1Z", "1", "Inverse difference: near 1 where neighbours are alike."),
    ("Idm", "WF0Z", "1", "Inverse difference moment: as Id, with squared differences."),
    ("Idmn", "1QCO", "1", "Inverse difference moment with differences relative to the number of levels."),
    ("Idn", "NDRX", "1", "Inverse difference with differences relative to the number of levels."),
    ("Imc1", "R8DG", "1", "Information that neighbours share, negative, relative to the entropy of one."),
    ("Imc2", "JN9H", "1", "Information that neighbours share, scaled to 0 (none) to 1."),
    ("InverseVariance", "E8JP", "1/level^2", "Mean inverse squared difference of unlike neighbours."),
    ("JointAverage", "60VM", "level", "Mean level of the pixels of a pair."),
    ("JointEnergy", "8ZQL", "1", "Probability that two random pairs are the same (angular second moment)."),
    ("JointEntropy", "TU9B", "bit", "Uncertainty of the levels of a pair of neighbours."),
    ("MCC", "", "1", "Largest correlation of neighbours that any scale of the levels attains."),
    ("MaximumProbability", "GYBY", "1", "Share of the most frequent pair of levels."),
    ("SumAverage", "ZGXS", "level", "Mean sum of the levels of a pair, twice the joint average."),
    ("SumEntropy", "P6QZ", "bit", "Uncertainty of the sum of the levels of a pair."),
    ("SumSquares", "UR99", "level^2", "Variance of the levels of a pair (joint variance)."),
)

_GLRLM = (
    ("GrayLevelNonUniformity", "R5YN", "1", "Runs gather in few levels; it grows with the number of runs."),
    ("GrayLevelNonUniformityNormalized", "OVBL", "1", "Probability that two random runs share a level."),
    ("GrayLevelVariance", "8CE5", "level^2", "Variance of the levels of runs."),
    ("HighGrayLevelRunEmphasis", "G3QZ", "level^2", "Mean squared level of runs."),
    ("LongRunEmphasis", "W4KF", "px^2", "Mean squared length of runs: coarse texture."),
    ("LongRunHighGrayLevelEmphasis", "3KUM", "px^2 level^2", "Long runs of bright levels."),
    ("LongRunLowGrayLevelEmphasis", "IVPO", "px^2/level^2", "Long runs of dark levels."),
    ("LowGrayLevelRunEmphasis", "V3SW", "1/level^2", "Mean inverse squared level of runs."),
    ("RunEntropy", "HJ9O", "bit", "Uncertainty of the level and length of a run."),
    ("RunLengthNonUniformity", "W92Y", "1", "Runs gather in few lengths; it grows with the number of runs."),
    ("RunLengthNonUniformityNormalized", "IC23", "1", "Probability that two random runs have the same length."),
    ("RunPercentage", "9ZK5", "1", "Runs per pixel: near 1 for fine texture."),
    ("RunVariance", "SXLW", "px^2", "Variance of the lengths of runs."),
    ("ShortRunEmphasis", "22OV", "1/px^2", "Mean inverse squared length of runs: fine texture."),
    ("ShortRunHighGrayLevelEmphasis", "GD3A", "level^2/px^2", "Short runs of bright levels."),
    ("ShortRunLowGrayLevelEmphasis", "HTZT", "1/(px^2 level^2)", "Short runs of dark levels."),
)

_GLSZM = (
    ("GrayLevelNonUniformity", "JNSA", "1", "Zones gather in few levels; it grows with the number of zones."),
    ("GrayLevelNonUniformityNormalized", "Y1RO", "1", "Probability that two random zones share a level."),
    ("GrayLevelVariance", "BYLV", "level^2", "Variance of the levels of zones."),
    ("HighGrayLevelZoneEmphasis", "5GN9", "level^2", "Mean squared level of zones."),
    ("LargeAreaEmphasis", "48P8", "px^2", "Mean squared size of zones: coarse texture."),
    ("LargeAreaHighGrayLevelEmphasis", "J17V", "px^2 level^2", "Large zones of bright levels."),
    ("LargeAreaLowGrayLevelEmphasis", "YH51", "px^2/level^2", "Large zones of dark levels."),
    ("LowGrayLevelZoneEmphasis", "XMSY", "1/level^2", "Mean inverse squared level of zones."),
    ("SizeZoneNonUniformity", "4JP3", "1", "Zones gather in few sizes; it grows with the number of zones."),
    ("SizeZoneNonUniformityNormalized", "VB3A", "1", "Probability that two random zones have the same size."),
    ("SmallAreaEmphasis", "5QRC", "1/px^2", "Mean inverse squared size of zones: fine texture."),
    ("SmallAreaHighGrayLevelEmphasis", "HW1V", "level^2/px^2", "Small zones of bright levels."),
    ("SmallAreaLowGrayLevelEmphasis", "5RAI", "1/(px^2 level^2)", "Small zones of dark levels."),
    ("ZoneEntropy", "GU8N", "bit", "Uncertainty of the level and size of a zone."),
    ("ZonePercentage", "P30P", "1", "Zones per pixel: near 1 for fine texture."),
    ("ZoneVariance", "3NSA", "px^2", "Variance of the sizes of zones."),
)

_GLDM = (
    ("DependenceEntropy", "FCBV", "bit", "Uncertainty of a pixel's level and number of equal neighbours."),
    ("DependenceNonUniformity", "Z87G", "1", "Pixels gather in few dependences; it grows with the region."),
    ("DependenceNonUniformityNormalized", "OKJI", "1", "Probability that two random pixels have the same dependence."),
    ("DependenceVariance", "DNX2", "px^2", "Variance of the number of equal neighbours."),
    ("GrayLevelNonUniformity", "FP8K", "1", "Pixels gather in few levels; it grows with the region."),
    ("GrayLevelVariance", "1PFV", "level^2", "Variance of the levels of pixels."),
    ("HighGrayLevelEmphasis", "OAE7", "level^2", "Mean squared level of pixels."),
    ("LargeDependenceEmphasis", "IMOQ", "px^2", "Mean squared dependence: even texture."),
    ("LargeDependenceHighGrayLevelEmphasis", "9QMG", "px^2 level^2", "Even texture among bright levels."),
    ("LargeDependenceLowGrayLevelEmphasis", "NBZI", "px^2/level^2", "Even texture among dark levels."),
    ("LowGrayLevelEmphasis", "TL9H", "1/level^2", "Mean inverse squared level of pixels."),
    ("SmallDependenceEmphasis", "SODN", "1/px^2", "Mean inverse squared dependence: uneven texture."),
    ("SmallDependenceHighGrayLevelEmphasis", "JA6D", "level^2/px^2", "Uneven texture among bright levels."),
    ("SmallDependenceLowGrayLevelEmphasis", "EQ3F", "1/(px^2 level^2)", "Uneven texture among dark levels."),
)

_NGTDM = (
    ("Busyness", "NQ30", "1", "Quick changes between a pixel and its surroundings."),
    ("Coarseness", "QCDE", "1/level", "Slow change: a pixel is like its surroundings."),
    ("Complexity", "HDEZ", "level^2", "Many different levels that change at once."),
    ("Contrast", "65HE", "level^3", "A wide range of levels that change over short distances."),
    ("Strength", "1X9X", "level", "Distinct, large areas of differing level."),
)

FAMILIES: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "shape2D": _SHAPE2D,
    "firstorder": _FIRSTORDER,
    "glcm": _GLCM,
    "glrlm": _GLRLM,
    "glszm": _GLSZM,
    "gldm": _GLDM,
    "ngtdm": _NGTDM,
}

CATALOGUE: tuple[Feature, ...] = tuple(Feature(family, *row) for family, rows in FAMILIES.items() for row in rows)
"""All 102 features, in the order of the columns."""

_SHAPE = (
    ("Elongation", "Q3CK", "1", "Minor axis over major axis: 1 for a round region, towards 0 for a long one."),
    ("Flatness", "N17B", "1", "Least axis over major axis: 0 for a slice."),
    ("LeastAxisLength", "", "mm", "Length of the shortest axis of the ellipsoid of the voxel centres: 0 for a slice."),
    ("MajorAxisLength", "", "mm", "Length of the longest axis (IBSI divides by the number of voxels less one)."),
    ("Maximum2DDiameterColumn", "", "mm", "Largest distance of two corners of the surface in one row of pixels."),
    ("Maximum2DDiameterRow", "", "mm", "Largest distance of two corners of the surface in one column of pixels."),
    ("Maximum2DDiameterSlice", "", "mm", "Largest distance of two corners of the surface in the plane."),
    ("Maximum3DDiameter", "L0JK", "mm", "Largest distance of two corners of the surface."),
    ("MeshVolume", "RNU0", "mm^3", "Volume within the surface that runs halfway between voxels in and out."),
    ("MinorAxisLength", "", "mm", "Length of the middle axis (IBSI divides by the number of voxels less one)."),
    ("Sphericity", "QCFX", "1", "Surface of the ball of equal volume over the surface."),
    ("SurfaceArea", "C0JK", "mm^2", "Area of the surface."),
    ("SurfaceVolumeRatio", "2PR5", "1/mm", "Surface per volume: small for large or compact regions."),
    ("VoxelVolume", "YEKZ", "mm^3", "Number of voxels times the volume of one."),
)

SHAPE_CATALOGUE: tuple[Feature, ...] = tuple(Feature("shape", *row) for row in _SHAPE)
"""The 14 features of form in space, measured in place of `shape2D` where a picture is a slice of a volume."""
