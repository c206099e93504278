"""Training patients who are most like a new one, and what they turned out to have."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from perirad.arrays import FloatArray
from perirad.errors import InputError
from perirad.study.model import Model, Reading
from perirad.table import FeatureTable

__all__ = ["Neighbour", "Neighbours", "nearest_training"]


@dataclass(frozen=True)
class Neighbour:
    """A training patient; `away` is the distance, `probability` the model's risk, `outcome` 0 or 1."""

    case_id: str
    away: float
    probability: float
    outcome: int


@dataclass(frozen=True)
class Neighbours:
    """The nearest, nearest first; `by` says whether by the Rad-score's features or by risk."""

    by: str
    cases: tuple[Neighbour, ...]


def nearest_training(model: Model, results: Path, reading: Reading, n: int = 3) -> Neighbours:
    """Training patients nearest to a reading.

    Parameters
    ----------
    model : Model
        Which read.
    results : Path
        Of its study: `predictions.csv` and `features.parquet`.
    reading : Reading
        The new patient's.
    n : int
        How many.

    Returns
    -------
    Neighbours
        By features: the root mean square of the differences in the features of the Rad-score, each harmonised, centred
        and divided by its standard deviation as the model does; every feature counts alike, clinical values do not
        count. By risk (absolute difference) where the Rad-score has no feature, or the features of the training
        patients are not there.

    Raises
    ------
    InputError
        When `predictions.csv` is not there or is no table of predictions.
    """
    try:
        frame = pd.read_csv(results / "predictions.csv", dtype={"case_id": str, "centre": str}, keep_default_na=False)
        train = frame[frame["cohort"] == "train"]
        cases, risks = train["case_id"].tolist(), train["probability"].to_numpy(dtype=np.float64)
        outcomes = train["outcome"].to_numpy(dtype=np.int64)
    except (OSError, ValueError, KeyError) as error:
        raise InputError("predictions.csv must be a table of predictions", type(error).__name__) from None
    away = _by_features(model, results, reading, train)
    by = "risk" if away is None else "features"
    distance = np.abs(risks - reading.probability) if away is None else away
    order = np.argsort(np.where(np.isnan(distance), np.inf, distance), kind="stable")[:n]
    found = tuple(Neighbour(cases[i], float(distance[i]), float(risks[i]), int(outcomes[i])) for i in order)
    return Neighbours(by, tuple(case for case in found if np.isfinite(case.away)))


def _by_features(model: Model, results: Path, reading: Reading, train: pd.DataFrame) -> FloatArray | None:
    """Distance of each training patient in standard deviations; None where it cannot be told."""
    score = model.radscore
    weights = np.asarray(score.coefficients)
    used = [j for j, weight in enumerate(weights) if weight != 0.0]
    if not used:
        return None
    try:
        features = pd.read_parquet(results / "features.parquet", columns=list(score.columns))
        features.index = features.index.astype(str)
        values = features.loc[train["case_id"].tolist()].to_numpy(dtype=np.float64)
        table = FeatureTable(tuple(train["case_id"]), score.columns, values, _centres(model, train))
        if model.harmonised is not None:
            table = model.harmonised.apply(table)
    except (OSError, ValueError, KeyError, pa.ArrowException, InputError):
        return None
    own = np.array([reading.contributions[score.columns[j]] / weights[j] for j in used])
    theirs = ((table.values - score.means) / score.sds)[:, used]
    away: FloatArray = np.sqrt(np.mean((theirs - own) ** 2, axis=1))
    return away


def _centres(model: Model, train: pd.DataFrame) -> tuple[str, ...]:
    return () if model.harmonised is None else tuple(train["centre"].tolist())
