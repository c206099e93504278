"""Regions: the lesion, its rings in millimetres, and what of them could not be seen."""
