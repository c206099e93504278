"""Seconds of one whole development (four scenarios, 4 x 474 features, 303 patients) and of its bootstrap.

With ``--resamples 200`` the bootstrap that a publication deserves, with one and with two workers, whose results must be
the same to the last bit. The features are random factors, so that neighbouring ones are correlated.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does

import numpy as np

from perirad.study.development import develop
from perirad.study.internal_validation import Clinical, validate_internally
from perirad.study.settings import StudySettings, ValidationSettings
from perirad.study.training import Training
from perirad.table import FeatureTable

N, P = 303, 474


def cohort(seed: int = 1) -> tuple[Training, Clinical]:
    """Training patients with an effect in six of forty factors of each region."""
    random = np.random.default_rng(seed)
    outcome = (random.random(N) < 0.42).astype(np.int64)
    blocks, columns = [], []
    for region, effect in (("I", 0.25), ("P3", 0.3), ("P5", 0.35), ("P8", 0.3)):
        factors = random.normal(size=(N, 40))
        factors[:, :6] += effect * outcome[:, None]
        loadings = random.normal(size=(40, P)) * (random.random((40, P)) < 0.08)
        blocks.append(factors @ loadings + 0.5 * random.normal(size=(N, P)))
        columns += [f"{region}_original_factor_F{k}" for k in range(P)]
    table = FeatureTable(tuple(map(str, range(N))), tuple(columns), np.hstack(blocks))
    clinical = [{"age": float(age)} for age in random.normal(55, 9, N)]
    return Training(table, outcome, np.arange(N, dtype=np.int64)), clinical


def main() -> None:
    """Print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--resamples", type=int, default=4, help="of the bootstrap (default 4; for a publication 200)")
    count = parser.parse_args().resamples
    training, clinical = cohort()
    settings = StudySettings.model_validate({"outcome": {"column": "y"}, "clinical": {"variables": [{"name": "age"}]}})
    settings = settings.model_copy(update={"validation": ValidationSettings(bootstrap=count)})
    start = time.process_time()
    development = develop(training, clinical, settings)
    print(f"one development: {time.process_time() - start:.2f} s CPU")
    found = []
    for workers in (2, 1):
        wall, cpu = time.perf_counter(), time.process_time()
        internal = validate_internally(development, training, clinical, settings, workers=workers)
        assert internal is not None
        found.append(repr(dataclasses.asdict(internal.figures)))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(f"{count} resamples, {workers} workers: {wall:.1f} s wall, {cpu / count:.2f} s CPU each")
    print("the same figures" if found[0] == found[1] else "OTHER FIGURES with another number of workers")


if __name__ == "__main__":
    main()
