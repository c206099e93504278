"""perirad: peritumoral ultrasound radiomics."""

__version__ = "0.1.0"
