from perirad.arrays import FloatArray

def lasso_path(
    columns: FloatArray,
    y: FloatArray,
    lambdas: FloatArray,
    alpha: float,
    tolerance: float,
    stop_early: bool,
    intercepts: FloatArray,
    coefficients: FloatArray,
    deviance_ratio: FloatArray,
    kkt: FloatArray,
) -> int: ...
