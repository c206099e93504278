"""Slow, obvious twin of the logistic LASSO, and the optimality conditions by which any solution can be judged."""

from __future__ import annotations

import numpy as np

from perirad.arrays import FloatArray


def risk(eta: FloatArray) -> FloatArray:
    return np.asarray(np.where(eta >= 0, 1.0, np.exp(-np.abs(eta))) / (1.0 + np.exp(-np.abs(eta))), dtype=np.float64)


def kkt_residual(
    Z: FloatArray,
    y: FloatArray,
    lam: float,
    alpha: float,
    intercept: float,
    beta: FloatArray,
    *,
    weights: FloatArray | None = None,
    offset: FloatArray | None = None,
    penalty_factors: FloatArray | None = None,
    loss: str = "logistic",
) -> float:
    """Largest violation of the conditions that hold at the minimum, and only there."""
    n, p = Z.shape
    w = np.ones(n) if weights is None else weights / weights.mean()
    v = np.ones(p) if penalty_factors is None else penalty_factors / penalty_factors.mean()
    eta = intercept + Z @ beta + (0.0 if offset is None else offset)
    residual = w * (y - (eta if loss == "squared" else risk(eta)))
    gradient = Z.T @ residual / n - lam * v * (1.0 - alpha) * beta
    violation = [abs(float(residual.mean()))]
    for g, b, share in zip(gradient, beta, lam * alpha * v, strict=True):
        violation.append(abs(g - share * np.sign(b)) if b != 0.0 else max(0.0, abs(g) - share))
    return max(violation)


def naive_lasso(Z: FloatArray, y: FloatArray, lam: float, alpha: float) -> tuple[float, FloatArray]:
    """Plain coordinate descent with the curvature bound 1/4: each step lowers the objective, none is clever."""
    n, p = Z.shape
    intercept, beta = 0.0, np.zeros(p)
    bound = (Z**2).mean(axis=0) / 4.0
    for _ in range(20_000):
        moved = 0.0
        step = float(np.mean(y - risk(intercept + Z @ beta))) * 4.0
        intercept += step
        moved = abs(step)
        for j in range(p):
            gradient = float(Z[:, j] @ (y - risk(intercept + Z @ beta))) / n
            target = gradient + bound[j] * beta[j]
            new = np.sign(target) * max(abs(target) - lam * alpha, 0.0) / (bound[j] + lam * (1.0 - alpha))
            moved, beta[j] = max(moved, abs(new - beta[j])), new
        if moved < 1e-13:
            break
    return intercept, beta
