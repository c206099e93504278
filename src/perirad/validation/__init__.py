"""Discrimination, calibration and clinical use of predictions."""
