"""Side by side with other packages, each in its own environment."""
