"""What a study can ask of the filters of IBSI 2: a small record for each kind, with its name in columns."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from perirad.errors import InputError
from perirad.features.filters.boundary import Boundary

__all__ = [
    "GaborFilter",
    "LawsFilter",
    "LogFilter",
    "MeanFilter",
    "ResponseFilter",
    "RieszFilter",
    "SimoncelliFilter",
    "WaveletFilter",
]

_STRICT: dict[str, Any] = {"extra": "forbid", "allow_inf_nan": False}


def _need(true: bool, expected: str, found: object) -> None:
    if not true:
        raise InputError(expected, str(found))


def _joined(*parts: str, boundary: str, usual: str = "mirror") -> str:
    """Parts of a name; a boundary is named where it is not the usual one."""
    return "-".join([*(part for part in parts if part), *([boundary] if boundary != usual else [])])


@dataclass(frozen=True)
class MeanFilter:
    """Average of a square of `support` pixels a side, odd (IBSI S60F); columns ``mean-5px``."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    support: int
    boundary: Boundary = "mirror"
    kind: Literal["mean"] = "mean"

    def __post_init__(self) -> None:
        _need(self.support >= 1 and self.support % 2 == 1, "support of a mean filter must be odd", self.support)

    @property
    def name(self) -> str:
        """Of the image in columns."""
        return _joined(f"mean-{self.support}px", boundary=self.boundary)


@dataclass(frozen=True)
class LogFilter:
    """Laplacian of Gaussian as IBSI has it (L6PA), not normalised by sigma²; columns ``ibsi-log-2mm``."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    sigma_mm: float
    truncation: float = 4.0
    boundary: Boundary = "mirror"
    kind: Literal["log"] = "log"

    def __post_init__(self) -> None:
        _need(min(self.sigma_mm, self.truncation) > 0.0, "sigma and truncation of LoG must be positive", self)

    @property
    def name(self) -> str:
        """Of the image in columns."""
        cut = "" if self.truncation == 4.0 else f"cut{self.truncation:g}"
        return _joined(f"ibsi-log-{self.sigma_mm:g}mm", cut, boundary=self.boundary)


@dataclass(frozen=True)
class LawsFilter:
    """Laws kernel (IBSI JTXT), across and down as ``L5E5``; columns ``laws-L5E5``, ``laws-L5E5-energy7-max``.

    `energy_delta` asks for the texture energy (PQSD): the mean absolute response of the pixels up to so many away.
    `pooling` asks for invariance: the largest or the mean response of the four rotations by right angles.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    kernels: str
    energy_delta: int | None = None
    pooling: Literal["max", "average"] | None = None
    boundary: Boundary = "mirror"
    kind: Literal["laws"] = "laws"

    def __post_init__(self) -> None:
        known = re.fullmatch("(?:[LES]3|[LESWR]5){2}", self.kernels)
        _need(known is not None, "Laws kernels must be two of L3 E3 S3 L5 E5 S5 W5 R5, as L5E5", repr(self.kernels))
        _need((self.energy_delta or 0) >= 0, "energy_delta must not be negative", self.energy_delta)

    @property
    def name(self) -> str:
        """Of the image in columns."""
        energy = "" if self.energy_delta is None else f"energy{self.energy_delta}"
        return _joined(f"laws-{self.kernels}", energy, self.pooling or "", boundary=self.boundary)


@dataclass(frozen=True)
class GaborFilter:
    """Modulus of a Gabor filter (IBSI Q88H); columns ``gabor-2mm-4mm-0.5-45deg``, ``gabor-2mm-4mm-0.5-by45deg-max``.

    Lengths are the envelope's width and the wave length. With `step_deg` the filter is turned by all its multiples up
    to a full turn and the responses are pooled; without, it has the one orientation `theta_deg`.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    sigma_mm: float
    lambda_mm: float
    gamma: float = 1.0
    theta_deg: float = 0.0
    step_deg: float | None = None
    pooling: Literal["max", "average"] = "average"
    boundary: Boundary = "mirror"
    kind: Literal["gabor"] = "gabor"

    def __post_init__(self) -> None:
        lengths = min(self.sigma_mm, self.lambda_mm, self.gamma)
        _need(lengths > 0.0, "sigma, lambda and gamma of a Gabor filter must be positive", self)
        step = self.step_deg
        _need(
            step is None or (step > 0.0 and math.isclose(360.0 / step, round(360.0 / step))),
            "step_deg must divide a full turn of 360",
            step,
        )
        _need(step is None or self.theta_deg == 0.0, "theta_deg must be left out where step_deg is given", self)

    @property
    def orientations(self) -> tuple[float, ...]:
        """In radians."""
        if self.step_deg is None:
            return (math.radians(self.theta_deg),)
        return tuple(math.radians(k * self.step_deg) for k in range(round(360.0 / self.step_deg)))

    @property
    def name(self) -> str:
        """Of the image in columns."""
        turned = f"{self.theta_deg:g}deg" if self.step_deg is None else f"by{self.step_deg:g}deg-{self.pooling}"
        return _joined(
            f"gabor-{self.sigma_mm:g}mm-{self.lambda_mm:g}mm-{self.gamma:g}-{turned}", boundary=self.boundary
        )


@dataclass(frozen=True)
class WaveletFilter:
    """Undecimated separable wavelet (IBSI 25BO): haar, db1 to db10, coif1; columns ``coif1-LH``, ``db3-HH-2-max``.

    `subband` has the letter across first. `pooling` pools the four rotations by right angles.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    wavelet: str
    subband: str
    level: int = 1
    pooling: Literal["max", "average"] | None = None
    boundary: Boundary = "mirror"
    kind: Literal["wavelet"] = "wavelet"

    def __post_init__(self) -> None:
        known = re.fullmatch(r"haar|coif1|db([1-9]|10)", self.wavelet)
        _need(known is not None, "wavelet must be haar, db1 to db10 or coif1", repr(self.wavelet))
        _need(self.subband in {"LL", "LH", "HL", "HH"}, "subband must be LL, LH, HL or HH", repr(self.subband))
        _need(1 <= self.level <= 8, "wavelet level must be 1 to 8", self.level)

    @property
    def name(self) -> str:
        """Of the image in columns."""
        level = "" if self.level == 1 else str(self.level)
        return _joined(f"{self.wavelet}-{self.subband}", level, self.pooling or "", boundary=self.boundary)


@dataclass(frozen=True)
class SimoncelliFilter:
    """Band of the non-separable Simoncelli wavelet (IBSI PRT7); columns ``simoncelli-1``."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    level: int = 1
    boundary: Boundary = "periodic"
    kind: Literal["simoncelli"] = "simoncelli"

    def __post_init__(self) -> None:
        _need(1 <= self.level <= 8, "level of the Simoncelli wavelet must be 1 to 8", self.level)

    @property
    def name(self) -> str:
        """Of the image in columns."""
        return _joined(f"simoncelli-{self.level}", boundary=self.boundary, usual="periodic")


@dataclass(frozen=True)
class RieszFilter:
    """Riesz transform (IBSI AYRS) of the picture, or of a Simoncelli band; columns ``riesz-1-0``, ``riesz-0-2-s1``.

    `order` is that across and that down.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    order: tuple[int, int]
    simoncelli_level: int | None = None
    boundary: Boundary = "periodic"
    kind: Literal["riesz"] = "riesz"

    def __post_init__(self) -> None:
        _need(min(self.order) >= 0 < sum(self.order), "Riesz order must be two whole numbers, not both 0", self.order)
        level = self.simoncelli_level
        _need(level is None or 1 <= level <= 8, "level of the Simoncelli wavelet must be 1 to 8", level)

    @property
    def name(self) -> str:
        """Of the image in columns."""
        band = "" if self.simoncelli_level is None else f"s{self.simoncelli_level}"
        return _joined(f"riesz-{self.order[0]}-{self.order[1]}", band, boundary=self.boundary, usual="periodic")


ResponseFilter = (
    MeanFilter | LogFilter | LawsFilter | GaborFilter | WaveletFilter | SimoncelliFilter | RieszFilter
)  # fmt: skip
"""One of the filters of IBSI 2."""
