"""Simulated breast-ultrasound cohort with known truth: speckle from scatterers, and a cause that is written down."""
