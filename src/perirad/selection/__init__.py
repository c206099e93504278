"""Feature selection, learnt from training rows alone."""
