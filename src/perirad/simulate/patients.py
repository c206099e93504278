"""Patients: the latent cause, HER2 status, clinical columns, and what will be drawn in the image."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import optimize, special

from perirad.simulate.lesion import Shape
from perirad.simulate.settings import CohortSettings

__all__ = ["Clinical", "Her2", "Patient", "Visible", "draw_patient", "groups", "streams"]

LATENT_SLOPE = 3.4  # log-odds of HER2-low per standard deviation of the latent cause


@dataclass(frozen=True)
class Her2:
    """Immunohistochemistry and in-situ hybridisation, as the pathologist writes them."""

    ihc: str
    ish: str


@dataclass(frozen=True)
class Clinical:
    """Clinical columns."""

    age: int
    menopause: str
    birads: str
    ki67: int
    er: str
    pr: str
    nodal: str
    grade: int


@dataclass(frozen=True)
class Visible:
    """What the image of a patient will show.

    Parameters
    ----------
    shape : Shape
        Body of the lesion.
    posterior : {"none", "enhancement", "shadowing"}
        Posterior feature; `posterior_db` is its strength.
    density : float
        Probability that a cell of the lesion holds a scatterer.
    heterogeneity_db : float
        Standard deviation of the lesion's mean echo from place to place.
    lesion_db : float
        Mean echo of the lesion.
    rim_db : float
        Height of the echogenic rim.
    halo_db, blur_mm : float
        Nuisances next to the margin: echogenic or dark halo, width of the margin.
    gain_db, slope_db_per_mm : float
        Nuisances of the whole picture: gain, and what the time-gain compensation left over.
    """

    shape: Shape
    posterior: str
    posterior_db: float
    density: float
    heterogeneity_db: float
    lesion_db: float
    rim_db: float
    halo_db: float
    blur_mm: float
    gain_db: float
    slope_db_per_mm: float


@dataclass(frozen=True)
class Patient:
    """One patient: cause, generating probability of HER2-low, and what follows from them."""

    case_id: str
    centre: str
    u: float
    probability: float
    her2: Her2
    clinical: Clinical
    visible: Visible


def streams(settings: CohortSettings, index: int) -> tuple[np.random.Generator, np.random.Generator]:
    """Random streams of one patient: one for the record, one for the picture."""
    record, picture = np.random.SeedSequence((settings.seed, index)).spawn(2)
    return np.random.default_rng(record), np.random.Generator(np.random.SFC64(picture))


def groups(settings: CohortSettings) -> list[str]:
    """Group of every patient, in a random order: "analysed", "3+", "2+ positive", "2+ not done"."""
    names = ("3+", "2+ positive", "2+ not done")
    ordered = ["analysed"] * settings.n_patients
    for name, count in zip(names, settings.excluded, strict=True):
        ordered += [name] * count
    rng = np.random.default_rng(np.random.SeedSequence((settings.seed,)))
    return [ordered[i] for i in rng.permutation(len(ordered))]


@cache
def intercept(prevalence: float) -> float:
    """Intercept that gives the wanted prevalence when the cause is standard normal (Gauss-Hermite quadrature)."""
    node, weight = np.polynomial.hermite_e.hermegauss(61)
    weight = weight / weight.sum()

    def excess(a: float) -> float:
        return float(weight @ special.expit(a + LATENT_SLOPE * node)) - prevalence

    return float(optimize.brentq(excess, -40.0, 40.0))


def probability_low(u: float, settings: CohortSettings) -> float:
    """Probability of HER2-low given the cause; the prevalence for everyone in the null cohort."""
    if settings.is_null:
        return settings.prevalence
    return float(special.expit(intercept(settings.prevalence) + LATENT_SLOPE * u))


def draw_patient(index: int, group: str, settings: CohortSettings, *, u: float | None = None) -> Patient:
    """Draw one patient; the same index and seed give the same patient.

    Parameters
    ----------
    index : int
        Position in the cohort, from 0.
    group : str
        One of `groups`.
    u : float, optional
        Set the cause instead of drawing it; every other draw stays the same.
    """
    rng, _ = streams(settings, index)
    drawn = float(rng.standard_normal())
    u = drawn if u is None else u
    probability = probability_low(u, settings)
    her2 = draw_her2(rng, probability, group)
    centre = "A" if rng.random() < settings.centre_a else "B"
    visible = draw_visible(rng, u, settings)
    clinical = draw_clinical(rng, u * settings.effect_clinical, visible.shape)
    return Patient(f"{index + 1:04d}", centre, u, probability, her2, clinical, visible)


def draw_her2(rng: np.random.Generator, probability: float, group: str) -> Her2:
    """HER2 status: excluded groups as named; the analysed are low (1+, or 2+ with negative ISH) or zero."""
    is_low, is_one = rng.random() < probability, rng.random() < 0.6
    if group == "analysed":
        if not is_low:
            return Her2("0", "")
        return Her2("1+", "") if is_one else Her2("2+", "negative")
    ihc, _, ish = group.partition(" ")
    return Her2(ihc, ish)


def draw_visible(rng: np.random.Generator, u: float, settings: CohortSettings) -> Visible:
    """Draw what the image shows: the cause reaches the scatterers and the rim, everything else is nuisance."""
    margin = str(rng.choice(["circumscribed", "indistinct", "angular", "spiculated"], p=[0.10, 0.36, 0.24, 0.30]))
    posterior = str(rng.choice(["none", "enhancement", "shadowing"], p=[0.46, 0.20, 0.34]))
    strength = {"none": 0.0, "enhancement": rng.uniform(4.0, 8.0), "shadowing": -rng.uniform(6.0, 14.0)}[posterior]
    shape = Shape(
        diameter_mm=float(np.clip(rng.lognormal(np.log(15.0), 0.32), 8.5, 23.0)),
        aspect=float(rng.uniform(0.55, 0.92)),
        angle=float(rng.normal(0.0, 0.35) + (np.pi / 2.0 if rng.random() < 0.12 else 0.0)),
        margin=margin,
    )
    z = rng.standard_normal(6)
    in_lesion, in_rim = settings.effect_lesion * u, settings.effect_rim * u
    blur = {"circumscribed": 0.2, "indistinct": 0.9, "angular": 0.45, "spiculated": 0.5}[margin]
    return Visible(
        shape=shape,
        posterior=posterior,
        posterior_db=float(strength),
        density=float(np.clip(np.exp(-1.35 + 0.28 * in_lesion + 0.35 * z[0]), 0.07, 1.0)),
        heterogeneity_db=float(np.clip(2.6 - 0.45 * in_lesion + 0.8 * z[1], 0.4, 6.0)),
        lesion_db=float(-13.5 + 2.4 * z[2]),
        rim_db=float(3.6 + 5.4 * np.tanh(in_rim) + 0.5 * z[3]),
        halo_db=float(0.8 + 1.7 * z[4]),
        blur_mm=float(blur * rng.uniform(0.6, 1.4)),
        gain_db=float(1.9 * z[5]),
        slope_db_per_mm=float(-rng.uniform(0.0, 0.45)),
    )


def draw_clinical(rng: np.random.Generator, cause: float, shape: Shape) -> Clinical:
    """Clinical columns; hormone receptors, Ki-67 and grade carry some of the cause, the others none."""
    age = float(np.clip(rng.normal(53.5, 11.0), 26.0, 86.0))
    suspicion = {"circumscribed": -0.9, "indistinct": 0.0, "angular": 0.3, "spiculated": 0.9}[shape.margin]
    level = int(np.searchsorted([-1.3, -0.2, 1.0], suspicion + rng.logistic(0.0, 0.8)))
    receptors = rng.logistic(0.0, 1.0)
    grade = 1 + int(np.searchsorted([-1.9, 0.7], rng.logistic(0.0, 1.0) - 0.55 * cause))
    ki67 = 100.0 * special.expit(-1.25 + 0.35 * (grade - 2) - 0.32 * cause + 0.75 * rng.standard_normal())
    er = receptors < 1.15 + 0.75 * cause
    pr = receptors + rng.normal(0.0, 0.8) < 0.7 + 0.55 * cause
    nodal = rng.logistic(0.0, 1.0) < -0.9 + 0.07 * (shape.diameter_mm - 16.0)
    return Clinical(
        age=round(age),
        menopause="post" if age + rng.normal(0.0, 2.5) > 50.5 else "pre",
        birads=("4A", "4B", "4C", "5")[level],
        ki67=int(np.clip(np.rint(ki67), 1, 95)),
        er=sign(er),
        pr=sign(pr),
        nodal=sign(nodal),
        grade=grade,
    )


def sign(positive: bool | np.bool_) -> str:
    """Name a test result."""
    return "positive" if positive else "negative"
