from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from perirad.arrays import FloatArray

# Texture: `levels` is uint16 with a border of zeros, 0 outside the region. Callers check, allocate and zero.

def count_pairs(levels: NDArray[np.uint16], pairs: NDArray[np.uint32]) -> None: ...
def count_runs(levels: NDArray[np.uint16], first: NDArray[np.int64], runs: NDArray[np.uint32]) -> None: ...
def count_zones(
    levels: NDArray[np.uint16],
    first: NDArray[np.int64],
    labels: NDArray[np.int32],
    parent: NDArray[np.int32],
    size: NDArray[np.int32],
    level_of: NDArray[np.uint16],
    zones: NDArray[np.uint32],
) -> None: ...
def number_zones(
    levels: NDArray[np.uint16],
    labels: NDArray[np.int32],
    parent: NDArray[np.int32],
    size: NDArray[np.int32],
    level_of: NDArray[np.uint16],
) -> int: ...
def count_dependents(
    levels: NDArray[np.uint16], row_buffer: NDArray[np.uint16], dependents: NDArray[np.uint32]
) -> None: ...
def sum_differences(
    levels: NDArray[np.uint16],
    sums: NDArray[np.uint32],
    neighbours: NDArray[np.uint16],
    differences: NDArray[np.int64],
) -> None: ...

# Regions counted together: the masks are of one shape; their rows are one after the other, the pixels of each without
# gaps. `separate` takes the same masks once more, for a number of bins. `bounds` are those of all masks together: top,
# left, bottom, right; all 0 where there is no pixel.

def bounds(masks: Sequence[NDArray[np.uint8]]) -> tuple[int, int, int, int]: ...

class Regions:
    def __init__(self, masks: Sequence[NDArray[np.uint8]]) -> None: ...
    @property
    def n_parts(self) -> int: ...
    def separate(self, masks: Sequence[NDArray[np.uint8]]) -> None: ...

# Of `count_together`: which pictures are done; of all their regions, one picture after the other, the highest level,
# pixels, statistics (n, 13), entropy and uniformity of the levels; and the cells (matrix, i, j, n) of tones, pairs,
# runs, zones and dependences. Either the width or the number of bins is 0.

_Cells = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], FloatArray]
_Counts = tuple[
    list[bool], NDArray[np.int64], NDArray[np.int64], FloatArray, FloatArray, FloatArray,
    _Cells, _Cells, _Cells, _Cells, _Cells,
]  # fmt: skip

def count_together(
    pictures: Sequence[NDArray[np.float64] | NDArray[np.float32] | None], regions: Regions, width: float, n_bins: int
) -> _Counts: ...
def trace_outline(
    mask: NDArray[np.uint8], squares: NDArray[np.int64], sums: NDArray[np.int64], extents: NDArray[np.int64]
) -> None: ...
def widest_squared(
    extents: NDArray[np.int64],
    half_row: float,
    half_column: float,
    left: NDArray[np.int64],
    right: NDArray[np.int64],
) -> float: ...

# Filters. `lanes` is one of LANES: the doubles in a vector that this machine can run, widest last; it changes the time
# and not the result. The recursions take sides of four pixels or more, and fill `out` from row `top`, column `left`.

LANES: tuple[int, ...]

def filter_laplacians(
    lanes: int,
    picture: NDArray[np.float64],
    coefficients: NDArray[np.float64],
    factors: NDArray[np.float64],
    top: int,
    left: int,
    out: NDArray[np.float32],
) -> None: ...
def binary_patterns(
    padded: NDArray[np.float64], top: int, left: int, share: NDArray[np.float64], out: NDArray[np.float64]
) -> None: ...
def disc_sums(
    ends: NDArray[np.float64], halves: NDArray[np.int64], top: int, middle: int, sums: NDArray[np.float64]
) -> None: ...
def gradient_lengths(near: NDArray[np.float64], down: float, across: float, out: NDArray[np.float32]) -> None: ...
def wavelet_bands(
    picture: NDArray[np.float64],
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    bands: NDArray[np.float64],
) -> None: ...

# The LASSO path: `fit` fills the arrays it is given, returns how many lambdas were used, and goes on from there when
# it is called again.

class LassoPath:
    def __init__(
        self,
        columns: FloatArray,
        y: FloatArray,
        weights: FloatArray,
        offset: FloatArray,
        tolls: FloatArray,
        alpha: float,
        tolerance: float,
        squared: bool,
    ) -> None: ...
    def fit(
        self,
        lambdas: FloatArray,
        stop_early: bool,
        intercepts: FloatArray,
        coefficients: FloatArray,
        deviance_ratio: FloatArray,
        kkt: FloatArray,
    ) -> int: ...
    def stopped(self) -> bool: ...

# Rank sum of the cases that `first` marks and sum of t^3 - t over ties, a column per row of `columns`, NaN where one is
# constant or not finite; `order` sorts each row. Fills `sums` and `ties`.

def rank_sums(
    columns: FloatArray, order: NDArray[np.int64], first: NDArray[np.uint8], sums: FloatArray, ties: FloatArray
) -> None: ...

# Ranks within each row of `columns`, equal values sharing their mean rank; fills `ranks`.

def average_ranks(columns: FloatArray, order: NDArray[np.int64], ranks: FloatArray) -> None: ...

# Feature maps: the matrices of the windows around `centres` (flat positions in `levels`, which has `radius` zeros
# around the region), written to `indices` (matrix, i, j) and `n`; returns the number of cells. The callers see to it
# that there is room. Of `window_tones`, j is the pixels of level i and n their summed tone difference.

def window_pairs(
    levels: NDArray[np.uint16],
    n_levels: int,
    centres: NDArray[np.int64],
    radius: int,
    indices: NDArray[np.int64],
    n: NDArray[np.float64],
    pixels: NDArray[np.int64],
    highest: NDArray[np.int64],
) -> int: ...

window_runs = window_pairs
window_zones = window_pairs
window_dependents = window_pairs
window_tones = window_pairs

# Sums over cells (see `perirad.features.cells.Cells`), ordered by matrix. Callers check, allocate and fill.

def sum_sizes(
    matrix: NDArray[np.int64],
    i: NDArray[np.int64],
    j: NDArray[np.int64],
    n: FloatArray,
    by_level: FloatArray,
    by_size: FloatArray,
    sums: FloatArray,
) -> None: ...
def sum_pairs(
    matrix: NDArray[np.int64],
    i: NDArray[np.int64],
    j: NDArray[np.int64],
    n: FloatArray,
    levels: FloatArray,
    by_level: FloatArray,
    by_difference: FloatArray,
    by_sum: FloatArray,
    sums: FloatArray,
) -> None: ...
def sum_tones(
    matrix: NDArray[np.int64], i: NDArray[np.int64], j: NDArray[np.int64], n: FloatArray, sums: FloatArray
) -> None: ...
def second_eigenvalues(
    matrix: NDArray[np.int64],
    i: NDArray[np.int64],
    j: NDArray[np.int64],
    n: FloatArray,
    place: NDArray[np.int64],
    values: FloatArray,
) -> None: ...

# Regions: `marks` is 1 where marked and 2 at corners, which `mark_corners` finds. Distances go to `out`, in mm.

def mark_corners(marks: NDArray[np.uint8]) -> None: ...
def measure_distances(
    marks: NDArray[np.uint8],
    down: float,
    across: float,
    most: float,
    outline: bool,
    nearest: NDArray[np.int32],
    out: FloatArray,
) -> None: ...
