"""Milliseconds of one cross-validated LASSO (ten folds and the path), one core, on the sizes a study meets.

With ``--glmnet`` also those of R's glmnet at ``thresh=1e-12`` on the same data, folds and penalties, in the same run.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from perirad.arrays import FloatArray, IntArray
from perirad.selection.folds import stratified_folds
from perirad.selection.lasso import cv_lasso
from perirad.selection.redundancy import prune_correlated
from perirad.selection.scaling import fit_scaler
from perirad.selection.univariate import mann_whitney

SIZES = ((303, 20), (303, 60), (303, 200), (303, 600), (303, 5000), (150, 60), (1000, 60))

GLMNET = """
suppressPackageStartupMessages(library(glmnet))
n <- scan("shape.txt", quiet = TRUE); d <- matrix(readBin("data.bin", "double", n[1] * (n[2] + 2)), n[1])
Z <- d[, -(1:2), drop = FALSE]; y <- d[, 1]; folds <- d[, 2]
lambda <- glmnet(Z, y, "binomial", standardize = FALSE, thresh = 1e-12, maxit = 1e7)$lambda
run <- function() cv.glmnet(Z, y, family = "binomial", standardize = FALSE, foldid = folds, lambda = lambda,
  thresh = 1e-12, maxit = 1e7)  # fits the path on all rows, too
cat(min(sapply(1:n[3], function(i) system.time(suppressWarnings(run()))[[3]])) * 1000)
"""


def problem(n: int, p: int, seed: int = 0, correlation: float = 0.5) -> tuple[FloatArray, IntArray]:
    """Z-scored features in correlated groups of five, and an outcome that ten of them drive."""
    random = np.random.default_rng(seed)
    common = np.repeat(random.normal(size=(n, p // 5 + 1)), 5, axis=1)[:, :p]
    X = np.sqrt(correlation) * common + np.sqrt(1.0 - correlation) * random.normal(size=(n, p))
    truth = np.zeros(p)
    truth[:: max(p // 10, 1)] = 0.5
    y = (random.random(n) < 1.0 / (1.0 + np.exp(1.0 - X @ truth))).astype(np.int64)
    return fit_scaler(X).transform(X), y


def milliseconds(work: Callable[[], object], repeats: int) -> float:
    """Fastest of some runs."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1e3 * min(times)


def glmnet_milliseconds(Z: FloatArray, y: IntArray, folds: IntArray, repeats: int) -> float:
    """Fastest of some runs of the same in R, which must be installed with its package glmnet."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "shape.txt").write_text(f"{Z.shape[0]} {Z.shape[1]} {repeats}")
        Path(folder, "data.bin").write_bytes(np.column_stack([y, folds, Z]).astype(np.float64).tobytes(order="F"))
        answer = subprocess.run(["Rscript", "-e", GLMNET], cwd=folder, check=True, capture_output=True, text=True)
    return float(answer.stdout)


def main() -> None:
    """Print one line per size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--glmnet", action="store_true", help="beside R's glmnet")
    settings = parser.parse_args()
    repeats = settings.repeats
    for n, p in SIZES:
        Z, y = problem(n, p)
        folds = stratified_folds(y, 10, seed=1)
        own = milliseconds(lambda Z=Z, y=y, folds=folds: cv_lasso(Z, y, folds), repeats)  # type: ignore[misc]
        fit = cv_lasso(Z, y, folds)
        line = f"cv_lasso {n:5d} x {p:4d}: {own:8.1f} ms, KKT residual {fit.path.kkt.max():.0e}"
        if settings.glmnet:
            theirs = glmnet_milliseconds(Z, y, folds, repeats)
            line += f"; glmnet {theirs:8.1f} ms, {theirs / own:.1f} times ours"
        print(line)
    X, y = np.random.default_rng(0).normal(size=(303, 2000)), np.arange(303) % 2
    for name, work in (("mann_whitney", lambda: mann_whitney(X, y)), ("prune_correlated", lambda: prune_correlated(X))):
        print(f"{name} 303 x 2000: {milliseconds(work, repeats):8.1f} ms")


if __name__ == "__main__":
    main()
