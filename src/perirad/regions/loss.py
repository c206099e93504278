"""Which regions lost too much to be used, and what follows from it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

from perirad.errors import InputError
from perirad.regions.region import Region

__all__ = ["Policy", "Verdict", "judge"]

Policy = Literal["keep", "drop ring", "drop case"]
"""What to do with a case of which a region lost more than the limit."""

_OF_LESION = ("I", "N", "C")
"""First letters of regions inside the lesion, which a case cannot do without."""

_ROUNDING = 1e-9
"""Shares are added up: 0.1 and 0.2 make a hair more than 0.3."""


@dataclass(frozen=True)
class Verdict:
    """What the losses of a case's regions come to.

    Parameters
    ----------
    flagged : mapping of str to str
        Name of each region that lost more than the limit -> a sentence that says how much and to what.
    kept : tuple of Region
        The regions to use; none when the case is dropped.
    reason : str
        Why the case is dropped; empty when it is not.
    """

    flagged: Mapping[str, str]
    kept: tuple[Region, ...]
    reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "flagged", MappingProxyType(dict(self.flagged)))

    @property
    def dropped(self) -> bool:
        """Whether the case is not to be used."""
        return bool(self.reason)


def judge(regions: Sequence[Region], *, limit: float = 0.3, policy: Policy = "keep") -> Verdict:
    """Judge the losses of one case's regions.

    Parameters
    ----------
    regions : sequence of Region
        Of one image.
    limit : float
        A region that lost a larger share than this is flagged, and one whose loss is not known (NaN).
    policy : {"keep", "drop ring", "drop case"}
        Flag only; leave the flagged regions out, except those of the lesion itself (I, N, C), which stay and are
        flagged; or leave the case out.

    Raises
    ------
    InputError
        When the limit is not between 0 and 1, or the policy is unknown.
    """
    if not 0.0 <= limit <= 1.0:
        raise InputError("limit of a loss must lie between 0 and 1", f"limit={limit}")
    if policy not in get_args(Policy):
        raise InputError(f"policy must be one of {', '.join(get_args(Policy))}", repr(policy))
    most = limit * (1.0 + _ROUNDING)
    flagged = {region.name: _sentence(region, limit) for region in regions if not region.lost_total <= most}
    if policy == "drop case" and flagged:
        return Verdict(flagged, (), " ".join(flagged.values()))
    left_out = set(flagged) if policy == "drop ring" else set()
    return Verdict(flagged, tuple(r for r in regions if r.name not in left_out or r.name.startswith(_OF_LESION)))


def _sentence(region: Region, limit: float) -> str:
    if math.isnan(region.lost_total):
        return f"{region.name}: how much was lost is not known."
    causes = sorted(region.lost_fraction.items(), key=lambda item: -item[1])
    shares = ", ".join(f"{cause} {_percent(share)}" for cause, share in causes if share > 0.0)
    return f"{region.name} lost {_percent(region.lost_total)} ({shares}), more than {_percent(limit)}."


def _percent(share: float) -> str:
    return f"{100.0 * share:.3g} %"
