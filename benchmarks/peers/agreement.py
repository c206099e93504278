"""How far a peer's values are ours: by name, and near enough or not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Agreement", "compare"]

RELATIVE = 1e-6
ABSOLUTE = 1e-12
"""Below this two values are both zero: PyRadiomics' entropy of a flat region is -log2(1 + 2.2e-16), ours is 0."""


@dataclass(frozen=True)
class Agreement:
    """Values of a peer, those that we have under the same name, those that are equal, and the worst of the others.

    `worst` is |ours - theirs| / |theirs|, infinite where only one of the two is defined; 0 where all are equal to the
    last digit that counts.
    """

    n_theirs: int
    n_common: int
    n_equal: int
    worst: float
    worst_name: str

    def line(self) -> str:
        """In words."""
        said = f"{self.n_equal} of {self.n_common} comparable values (it gives {self.n_theirs}) within {RELATIVE:g}"
        return f"{said} relative; furthest {self.worst:.1e} ({self.worst_name})" if self.n_common else "no common names"


def compare(ours: Mapping[str, float], theirs: Mapping[str, float]) -> Agreement:
    """Compare by name."""
    apart = {name: _apart(ours[name], value) for name, value in theirs.items() if name in ours}
    worst = max(apart, key=apart.__getitem__, default="")
    equal = sum(value <= RELATIVE for value in apart.values())
    return Agreement(len(theirs), len(apart), equal, apart.get(worst, 0.0), worst)


def _apart(ours: float, theirs: float) -> float:
    if math.isnan(ours) or math.isnan(theirs):
        return 0.0 if math.isnan(ours) and math.isnan(theirs) else math.inf
    distance = abs(ours - theirs)
    if distance <= ABSOLUTE:
        return 0.0
    return distance / abs(theirs) if theirs else math.inf
