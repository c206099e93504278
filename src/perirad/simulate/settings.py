"""Settings of a simulated cohort."""

from __future__ import annotations

from dataclasses import dataclass

from perirad.errors import InputError

__all__ = ["CohortSettings"]


@dataclass(frozen=True)
class CohortSettings:
    """What is to be simulated.

    Parameters
    ----------
    n_patients : int
        Patients who stay in the analysis (HER2-zero or HER2-low).
    seed : int
        The only source of chance; every patient has a stream of their own.
    effect_lesion, effect_rim, effect_clinical : float
        How strongly the latent cause changes the lesion's scatterers, the echogenic rim and the clinical columns.
        All zero: the null cohort, whose outcome is a coin with the same side up for everyone.
    rim_reach_mm : float
        Distance from the margin at which the rim ends.
    prevalence : float
        Probability of HER2-low among the analysed.
    centre_a : float
        Share of patients seen at centre A.
    her2_3plus, ish_positive, ish_not_done : float
        Patients to be excluded by rule, as a share of `n_patients`: IHC 3+; IHC 2+ with positive ISH; IHC 2+ without.
    """

    n_patients: int = 433
    seed: int = 20240611
    effect_lesion: float = 1.0
    effect_rim: float = 1.0
    effect_clinical: float = 1.0
    rim_reach_mm: float = 5.0
    prevalence: float = 0.575
    centre_a: float = 0.58
    her2_3plus: float = 0.090
    ish_positive: float = 0.035
    ish_not_done: float = 0.025

    def __post_init__(self) -> None:
        if self.n_patients < 1:
            raise InputError("a cohort must have at least one patient", f"n_patients={self.n_patients}")
        if self.seed < 0:
            raise InputError("the seed must not be negative", f"seed={self.seed}")
        if not self.rim_reach_mm > 0.0:
            raise InputError("the reach of the rim must be positive", f"rim_reach_mm={self.rim_reach_mm}")
        if not 0.0 < self.prevalence < 1.0:
            raise InputError("prevalence must lie between 0 and 1", f"prevalence={self.prevalence}")
        for name in ("effect_lesion", "effect_rim", "effect_clinical"):
            if not 0.0 <= getattr(self, name) <= 10.0:
                raise InputError(f"{name} must lie in 0 to 10", f"{getattr(self, name)}")
        for name in ("centre_a", "her2_3plus", "ish_positive", "ish_not_done"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise InputError(f"{name} must lie in 0 to 1", f"{getattr(self, name)}")

    @property
    def is_null(self) -> bool:
        """Whether the cause changes nothing that can be seen."""
        return self.effect_lesion == self.effect_rim == self.effect_clinical == 0.0

    @property
    def excluded(self) -> tuple[int, int, int]:
        """Number of patients with IHC 3+, with 2+ and positive ISH, with 2+ and no ISH."""
        return (
            round(self.n_patients * self.her2_3plus),
            round(self.n_patients * self.ish_positive),
            round(self.n_patients * self.ish_not_done),
        )

    @property
    def n_images(self) -> int:
        """All patients, with those to be excluded."""
        return self.n_patients + sum(self.excluded)
