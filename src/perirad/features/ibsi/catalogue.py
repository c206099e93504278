"""Every feature of IBSI 1: code, family, name, unit, and PyRadiomics' name where the definition is the same."""

from __future__ import annotations

from dataclasses import dataclass

from perirad.features.catalogue import CATALOGUE

__all__ = ["IBSI_CATALOGUE", "WITHOUT_REFERENCE", "IbsiFeature"]


@dataclass(frozen=True)
class IbsiFeature:
    """One feature.

    Parameters
    ----------
    code : str
        IBSI code, as `ibsi_features` has it: ``BC2M`` and ``GBPN`` with the fraction, ``BC2M:10``.
    family, family_code : str
        Family, and IBSI's code of it.
    name : str
        What it measures.
    unit : str
        ``1`` for a pure number; ``mm`` and its powers; ``intensity`` (that of the image) and ``level`` (grey levels);
        ``bit``; ``voxel`` for numbers of voxels, ``step`` for distances counted from voxel to voxel.
    aggregations : tuple of str
        IBSI codes of the aggregations it is measured with.
    pyradiomics : str
        ``family_Name`` of the PyRadiomics feature with the same formula in the plane; empty where there is none.
    """

    code: str
    family: str
    family_code: str
    name: str
    unit: str
    aggregations: tuple[str, ...]
    pyradiomics: str


_VOLUME = ("DHQ4",)
_DIRECTED = ("BTW3", "SUJT", "JJUI", "ZW7Z", "ITBB", "IAZD")
_UNDIRECTED = ("8QNN", "62GR", "KOBO")

WITHOUT_REFERENCE = ("ZH1A", "IQYR", "SWZ1", "BRI8", "9CMM")
"""Measured by the definition alone: IBSI has no reference value that they could be held against."""

_MORPHOLOGY = """
RNU0|mm^3|volume within the surface mesh
YEKZ|mm^3|volume of the voxels
C0JK|mm^2|area of the surface mesh
2PR5|1/mm|surface to volume ratio
SKGS|1|compactness 1
BQWJ|1|compactness 2
KRCK|1|spherical disproportion: surface over that of the ball of equal volume
QCFX|1|sphericity: surface of the ball of equal volume over the surface
25C7|1|asphericity: spherical disproportion less one
KLMA|mm|shift between the centres of form and of intensity
L0JK|mm|largest diameter in space
TDIC|mm|major axis length
P9VJ|mm|minor axis length
7J51|mm|least axis length
Q3CK|1|elongation: minor over major axis
N17B|1|flatness: least over major axis
PBX1|1|share of the axis-aligned box's volume
R59B|1|surface over that of the axis-aligned box
ZH1A|1|share of the smallest oriented box's volume
IQYR|1|surface over that of the smallest oriented box
6BDE|1|volume over that of the ellipsoid of the principal axes
RDD2|1|surface over that of the ellipsoid of the principal axes
SWZ1|1|share of the smallest enclosing ellipsoid's volume
BRI8|1|surface over that of the smallest enclosing ellipsoid
R3ER|1|share of the convex hull's volume
7T7F|1|surface over that of the convex hull
99N0|intensity mm^3|integrated intensity: mean intensity times volume
N365|1|Moran's I: likeness of near voxels
NPT7|1|Geary's C: unlikeness of near voxels
"""
_LOCAL = """
VJGA|intensity|local intensity peak: mean of 1 cm^3 about the brightest voxel
0F91|intensity|global intensity peak: largest mean of 1 cm^3
"""
_STATISTICS = """
Q4LE|intensity|mean
ECT3|intensity^2|variance
KE2A|1|skewness
IPH6|1|excess kurtosis
Y12H|intensity|median
1GSF|intensity|minimum
QG58|intensity|10th percentile
8DWT|intensity|90th percentile
84IY|intensity|maximum
SALO|intensity|interquartile range
2OJQ|intensity|range
4FUA|intensity|mean absolute deviation from the mean
1128|intensity|mean absolute deviation within the 10th to 90th percentile
N72L|intensity|mean absolute deviation from the median
7TET|1|coefficient of variation
9S40|1|quartile coefficient of dispersion
N8CA|intensity^2|energy
5ZWQ|intensity|root mean square
"""
_HISTOGRAM = """
X6K6|level|mean level
CH89|level^2|variance of levels
88K1|1|skewness of levels
C3I7|1|excess kurtosis of levels
WIFQ|level|median level
1PR8|level|lowest level
GPMT|level|10th percentile of levels
OZ0C|level|90th percentile of levels
3NCY|level|highest level
AMMC|level|most frequent level
WR0O|level|interquartile range of levels
5Z3W|level|range of levels
D2ZX|level|mean absolute deviation from the mean level
WRZB|level|mean absolute deviation within the 10th to 90th percentile of levels
4RNL|level|mean absolute deviation from the median level
CWYJ|1|coefficient of variation of levels
SLWD|1|quartile coefficient of dispersion of levels
TLU2|bit|entropy of levels
BJ5W|1|uniformity of levels
12CE|voxel/level|steepest rise of the histogram
8E6O|level|level of the steepest rise
VQB3|voxel/level|steepest fall of the histogram
RHQZ|level|level of the steepest fall
"""
_IVH = """
BC2M:10|1|volume fraction at a tenth of the intensity range
BC2M:90|1|volume fraction at nine tenths of the intensity range
GBPN:10|intensity|intensity that a tenth of the volume exceeds
GBPN:90|intensity|intensity that nine tenths of the volume exceed
DDTU|1|difference of the two volume fractions
CNV2|intensity|difference of the two intensities
9CMM|1|area under the intensity-volume histogram
"""
_GLCM = """
GYBY|1|joint maximum
60VM|level|joint average
UR99|level^2|joint variance
TU9B|bit|joint entropy
TF7R|level|difference average
D3YU|level^2|difference variance
NTRS|bit|difference entropy
ZGXS|level|sum average
OEEB|level^2|sum variance
P6QZ|bit|sum entropy
8ZQL|1|angular second moment
ACUI|level^2|contrast
8S9J|level|dissimilarity
IB1Z|1|inverse difference
NDRX|1|inverse difference relative to the number of levels
WF0Z|1|inverse difference moment
1QCO|1|inverse difference moment relative to the number of levels
E8JP|1/level^2|inverse variance
NI2N|1|correlation
QWB0|level^2|autocorrelation
DG8W|level^2|cluster tendency
7NFM|level^3|cluster shade
AE86|level^4|cluster prominence
R8DG|1|first information correlation
JN9H|1|second information correlation
"""
_BY_SIZE = (
    "1/{unit}^2|{small} emphasis",
    "{unit}^2|{large} emphasis",
    "1/level^2|low grey level {what} emphasis",
    "level^2|high grey level {what} emphasis",
    "1/({unit}^2 level^2)|{small} low grey level emphasis",
    "level^2/{unit}^2|{small} high grey level emphasis",
    "{unit}^2/level^2|{large} low grey level emphasis",
    "{unit}^2 level^2|{large} high grey level emphasis",
    "1|grey level non-uniformity",
    "1|grey level non-uniformity, normalised",
    "1|{size} non-uniformity",
    "1|{size} non-uniformity, normalised",
    "1|{what} percentage",
    "level^2|grey level variance",
    "{unit}^2|{size} variance",
    "bit|{size} entropy",
)
_GLRLM = "22OV W4KF V3SW G3QZ HTZT GD3A IVPO 3KUM R5YN OVBL W92Y IC23 9ZK5 8CE5 SXLW HJ9O"
_GLSZM = "5QRC 48P8 XMSY 5GN9 5RAI HW1V YH51 J17V JNSA Y1RO 4JP3 VB3A P30P BYLV 3NSA GU8N"
_GLDZM = "0GBI MB4I S1RA K26C RUVG DKNJ A7WM KLTH VFT7 7HP3 V294 IATH VIWW QK93 7WT1 GBDU"
_NGLDM = "SODN IMOQ TL9H OAE7 EQ3F JA6D NBZI 9QMG FP8K 5SPA Z87G OKJI 6XV8 1PFV DNX2 FCBV"
_NGTDM = """
QCDE|1/level|coarseness
65HE|level^3|contrast
NQ30|1|busyness
HDEZ|level^2|complexity
1X9X|level|strength
"""


def _by_size(codes: str, **words: str) -> str:
    return "\n".join(f"{code}|{row.format(**words)}" for code, row in zip(codes.split(), _BY_SIZE, strict=True))


_FAMILIES = (
    ("morphology", "HCUG", _VOLUME, _MORPHOLOGY),
    ("local intensity", "9ST6", _VOLUME, _LOCAL),
    ("intensity statistics", "UHIW", _VOLUME, _STATISTICS),
    ("intensity histogram", "ZVCW", _VOLUME, _HISTOGRAM),
    ("intensity-volume histogram", "P88C", _VOLUME, _IVH),
    ("co-occurrence matrix", "LFYI", _DIRECTED, _GLCM),
    (
        "run length matrix",
        "TP0I",
        _DIRECTED,
        _by_size(_GLRLM, unit="voxel", small="short run", large="long run", what="run", size="run length"),
    ),
    (
        "size zone matrix",
        "9SAK",
        _UNDIRECTED,
        _by_size(_GLSZM, unit="voxel", small="small zone", large="large zone", what="zone", size="zone size"),
    ),
    (
        "distance zone matrix",
        "VMDZ",
        _UNDIRECTED,
        _by_size(_GLDZM, unit="step", small="small distance", large="large distance", what="zone", size="distance"),
    ),
    ("tone difference matrix", "IPET", _UNDIRECTED, _NGTDM),
    (
        "dependence matrix",
        "REK0",
        _UNDIRECTED,
        _by_size(_NGLDM, unit="voxel", small="low dependence", large="high dependence", what="count", size="dependence")
        + "\nCAS9|1|dependence energy",
    ),
)

# PyRadiomics pools a region's runs and zones as IBSI does, but counts voxels without a neighbour in the tone matrix.
_SAME = {row.ibsi_code: f"{row.family}_{row.name}" for row in CATALOGUE if row.ibsi_code and row.family != "ngtdm"}


def _features() -> tuple[IbsiFeature, ...]:
    found = []
    for family, family_code, aggregations, rows in _FAMILIES:
        for row in rows.strip().splitlines():
            code, unit, name = row.split("|")
            found.append(IbsiFeature(code, family, family_code, name, unit, aggregations, _SAME.get(code, "")))
    return tuple(found)


IBSI_CATALOGUE = _features()
"""All 174 features, in the order of the IBSI reference manual."""
