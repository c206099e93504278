"""Logistic models of few variables, and their nomogram."""
