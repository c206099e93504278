from __future__ import annotations

import math

import numpy as np
import pytest

from perirad.errors import InputError
from perirad.regions.loss import Policy, judge
from perirad.regions.region import Region

MASK = np.ones((2, 2), dtype=np.bool_)


def region(name: str, **lost: float) -> Region:
    return Region(name, MASK, (1.0, 1.0), {cause.replace("_", " "): share for cause, share in lost.items()})


REGIONS = (
    region("I", text=0.4),
    region("P3", image_edge=0.1, shadow=0.2),
    region("P5", image_edge=0.1, shadow=0.25, needle=0.0),
    region("N2"),
)
SENTENCES = {
    "I": "I lost 40 % (text 40 %), more than 30 %.",
    "P5": "P5 lost 35 % (shadow 25 %, image edge 10 %), more than 30 %.",
}


@pytest.mark.parametrize(
    ("policy", "kept", "reason"),
    [
        ("keep", ["I", "P3", "P5", "N2"], ""),
        ("drop ring", ["I", "P3", "N2"], ""),
        ("drop case", [], " ".join(SENTENCES.values())),
    ],
)
def test_policy_decides_what_is_kept_analytic(policy: Policy, kept: list[str], reason: str) -> None:
    # 0.1 + 0.2 is a hair more than 0.3 in floating point and still no more than the limit.
    verdict = judge(REGIONS, limit=0.3, policy=policy)
    assert dict(verdict.flagged) == SENTENCES
    assert [each.name for each in verdict.kept] == kept
    assert (verdict.reason, verdict.dropped) == (reason, bool(reason))


def test_nothing_lost_nothing_flagged_analytic() -> None:
    verdict = judge(REGIONS, limit=0.5, policy="drop case")
    assert (dict(verdict.flagged), verdict.kept, verdict.dropped) == ({}, REGIONS, False)


def test_unknown_loss_is_flagged_analytic() -> None:
    verdict = judge([region("U5", image_edge=math.nan)], policy="drop ring")
    assert dict(verdict.flagged) == {"U5": "U5: how much was lost is not known."}
    assert verdict.kept == ()


@pytest.mark.parametrize("limit", [-0.1, 1.1, math.nan])
def test_limit_out_of_range_is_refused_analytic(limit: float) -> None:
    with pytest.raises(InputError, match="limit of a loss must lie between 0 and 1, got limit="):
        judge(REGIONS, limit=limit)


def test_unknown_policy_is_refused_analytic() -> None:
    with pytest.raises(InputError, match="policy must be one of keep, drop ring, drop case, got 'drop'"):
        judge(REGIONS, policy="drop")  # type: ignore[arg-type]
