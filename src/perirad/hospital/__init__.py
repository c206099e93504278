"""What hospitals' systems take: readings as DICOM Structured Reports."""
