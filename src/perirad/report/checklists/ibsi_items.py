"""Reporting items of the Image Biomarker Standardisation Initiative's reference manual that concern ultrasound.

Items by the manual's numbers (arXiv:1612.07003), in our own words; those of CT, MRI and PET alone are left out.
"""

from __future__ import annotations

from perirad.report.checklists.records import Item

__all__ = ["IBSI_ITEMS"]

_ROWS = (
    ("1", "Patient", "Region that was imaged", "roi"),
    ("2a", "Patient", "Instructions before the examination", "patient_preparation"),
    ("2b", "Patient", "Drugs before the examination", "patient_preparation"),
    ("2c", "Patient", "Equipment for comfort", "patient_preparation"),
    ("4a", "Patient", "Contrast agent", "patient_preparation"),
    ("5", "Patient", "Diseases that affect the image", "patient_preparation"),
    ("6", "Acquisition", "Imaging protocol", "protocol"),
    ("7", "Acquisition", "Scanners and vendors", "protocol"),
    ("8", "Acquisition", "Modality", "modality"),
    ("9a", "Acquisition", "Static or dynamic", "frames"),
    ("10", "Acquisition", "Calibration of the scanner", "protocol"),
    ("11", "Acquisition", "Instructions during the examination", "patient_preparation"),
    ("12", "Acquisition", "Handling of motion", "protocol"),
    ("28", "Reconstruction", "Size of the pixels and of the picture", "spacing"),
    ("37", "Registration", "Registration of images", "registered"),
    ("40", "Conversion", "Conversion of the data", "conversion"),
    ("42", "Processing", "Suppression of noise", "preprocessing"),
    ("46", "Processing", "Normalisation of grey values", "preprocessing"),
    ("47", "Processing", "Other processing", "preprocessing"),
    ("48a", "Segmentation", "Method", "segmentation"),
    ("48b", "Segmentation", "Readers, experience, consensus", "operators"),
    ("48c", "Segmentation", "Automatic methods and their settings", "segmentation"),
    ("49", "Segmentation", "From contour to mask", "mask"),
    ("50a", "Interpolation", "Method for the image", "interpolated"),
    ("50b", "Interpolation", "Position of the grid", "interpolated"),
    ("51", "Interpolation", "Size of the interpolated pixels", "resampling"),
    ("53", "Interpolation", "Method for the mask", "interpolated"),
    ("54", "Interpolation", "Partly covered pixels", "interpolated"),
    ("55", "Re-segmentation", "Methods and settings", "resegmentation"),
    ("56a-c", "Discretisation", "Method, bins, lowest value", "discretisation"),
    ("57", "Image transformation", "Filters and their settings", "image_types"),
    ("58", "Features", "Set of features and their definitions", "classes"),
    ("59", "Features", "Compliance with the IBSI", "ibsi"),
    ("60", "Features", "Robustness of the features", "reliability"),
    ("61", "Features", "Software and version", "software"),
    ("62-71", "Features", "Parameters of texture matrices", "texture"),
    ("72", "Analysis", "Reporting of the prediction model by TRIPOD", "guidelines"),
    ("73", "Analysis", "Comparison with known clinical factors", "nonradiomic"),
    ("74", "Analysis", "Collinearity of features", "redundant"),
    ("75", "Analysis", "Availability of the model", "share_model"),
    ("76", "Analysis", "Availability of the data", "share_features"),
)

IBSI_ITEMS = tuple(Item(*row) for row in _ROWS)
"""Items that a study of still ultrasound pictures has to report."""
