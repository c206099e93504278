"""The Rad-score and its cut-off."""
