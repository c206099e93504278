"""A patient's reading as DICOM Structured Report: Comprehensive SR, template TID 1500 Measurement Report."""

from __future__ import annotations

import io
import uuid
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from perirad.errors import InputError
from perirad.hospital.codes import SCHEME, own_code
from perirad.hospital.groups import lesion_groups, region_groups, risk_group
from perirad.hospital.source import read_source
from perirad.image.image import Image
from perirad.study.calibration import read_calibrated
from perirad.study.extraction import extract_case
from perirad.study.surroundings import read_lesion

if TYPE_CHECKING:
    from perirad.arrays import BoolArray
    from perirad.study.casefiles import CaseFiles
    from perirad.study.extraction import Extracted
    from perirad.study.model import Model, Reading

__all__ = ["NOT_A_DEVICE", "SIMULATED", "Findings", "reading_sr"]

NOT_A_DEVICE = "Research software, not a medical device."
SIMULATED = "The model was learnt from a SIMULATED cohort: its figures say nothing about patients."
_MISSING = "pip install 'perirad[pacs]'"


@dataclass(frozen=True)
class Findings:
    """What a report tells.

    Parameters
    ----------
    model : Model
    reading : Reading
        Its numbers.
    clinical : mapping of str to object
        Values that were given.
    image : Image
        The frame that was read, on its own grid.
    lesion : ndarray of bool, shape (n_rows, n_columns)
        The outline on that grid.
    extracted : Extracted
        Features and losses of the regions.
    """

    model: Model
    reading: Reading
    clinical: Mapping[str, object]
    image: Image
    lesion: BoolArray
    extracted: Extracted


def reading_sr(model: Model, files: CaseFiles, clinical: Mapping[str, object], reading: Reading) -> bytes:
    """Write the reading of a DICOM image as a DICOM file.

    Parameters
    ----------
    model : Model
        Which read.
    files : CaseFiles
        Image, outline and what is stated of them, as `model.score_case` read them.
    clinical : mapping of str to object
        As `model.score_case` had them.
    reading : Reading
        What it returned.

    Returns
    -------
    bytes
        Comprehensive SR (TID 1500) in the study of the image, a series and an instance of its own: two calls differ in
        their UIDs and in the time. Numbers are kept in double precision (Floating Point Value) beside the 16 digits of
        Numeric Value. Outlines run along the sides of pixels, (column, row), where (0, 0) is the upper left corner of
        the first pixel of the frame (PS3.3, C.10.5.1.2), whatever was resampled for the features.

    Raises
    ------
    InputError
        When highdicom is not installed, the image is no DICOM file or does not name its patient and study, or the case
        cannot be read.

    Notes
    -----
    Whose image it is stands in the report, copied from the image, and nowhere else.
    """
    try:
        import highdicom  # noqa: F401, PLC0415
    except ImportError as error:
        raise InputError("DICOM SR is written by highdicom", "no such package", mend=_MISSING) from error
    source = read_source(files.image)
    image = read_calibrated(files, model.recipe.calibration, lambda: read_lesion(files, None))
    read = Findings(
        model, reading, clinical, image, read_lesion(files, image), extract_case("patient", files, model.recipe)
    )
    content = _content(source, read)[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of oddities of the image's own header, which are copied as they are
        try:
            stream = io.BytesIO()
            _document(source, content).save_as(stream, enforce_file_format=True)
        except (AttributeError, TypeError, ValueError) as error:
            # The library's words may hold what the header says of the patient: only the kind is told.
            expected = "the image's header must have what a DICOM SR repeats of it"
            raise InputError(expected, type(error).__name__) from None
    return stream.getvalue()


def _document(source: Any, content: Any) -> Any:
    from highdicom.coding_schemes import CodingSchemeIdentificationItem  # noqa: PLC0415
    from highdicom.sr import ComprehensiveSR  # noqa: PLC0415
    from pydicom.uid import generate_uid  # noqa: PLC0415

    from perirad import __version__  # noqa: PLC0415

    return ComprehensiveSR(
        evidence=[source],
        content=content,
        series_instance_uid=generate_uid(),
        series_number=1,
        sop_instance_uid=generate_uid(),
        instance_number=1,
        manufacturer="perirad",
        is_complete=True,
        is_final=False,
        is_verified=False,
        specific_character_set="ISO_IR 192",
        manufacturer_model_name="perirad",
        software_versions=__version__,
        device_serial_number="0",
        series_description="perirad reading, research only",
        coding_schemes=[
            CodingSchemeIdentificationItem(SCHEME, name="Codes of perirad", responsible_organization="perirad")
        ],
    )


def _content(source: Any, read: Findings) -> Any:
    from highdicom.sr import (  # noqa: PLC0415
        CodedConcept,
        DeviceObserverIdentifyingAttributes,
        MeasurementReport,
        ObservationContext,
        ObserverContext,
    )
    from pydicom.sr.codedict import codes  # noqa: PLC0415

    file = read.model.file
    known = f"perirad {file.perirad_version} {file.title} {file.provenance.get('analysis_sha256', '')}"
    device = DeviceObserverIdentifyingAttributes(
        uid=f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, known).int}",
        name="perirad",
        manufacturer_name="perirad",
        model_name=file.title[:64],
    )
    observer = ObserverContext(observer_type=codes.DCM.Device, observer_identifying_attributes=device)
    report = MeasurementReport(
        observation_context=ObservationContext(observer_device_context=observer),
        procedure_reported=CodedConcept("25061-3", "LN", "US Unspecified Body Region"),
        imaging_measurements=[*lesion_groups(source, read), *region_groups(source, read), risk_group(source, read)],
        title=codes.DCM.ImagingMeasurementReport,
    )
    report[0].ContentSequence.append(_statements(read))
    return report


def _statements(read: Findings) -> Any:
    """Which model read, how the millimetres are known, warnings, and that it is research (TID 1500, rows 12 to 14)."""
    from highdicom.sr import CodedConcept, ContainerContentItem, ContentSequence, TextContentItem  # noqa: PLC0415

    file = read.model.file
    calibration = read.image.calibration
    told = [
        ("STATEMENT", "Statement on use", NOT_A_DEVICE),
        *([("SIMULATED", "Simulated cohort", SIMULATED)] if file.kind == "simulated" else []),
        ("MODEL", "Model", file.title or "untitled"),
        ("MODEL_VERSION", "Version of perirad that made the model", file.perirad_version),
        ("ANALYSIS", "SHA-256 of the analysis", file.provenance.get("analysis_sha256", "not known")),
        ("OUTCOME", "Outcome that is predicted", f"{file.outcome.label}: {file.outcome.event_label}"),
        ("CALIBRATION", "Where the pixel spacing came from", f"{calibration.source.value}: {calibration.detail}"),
        ("INTERVAL", "What the interval says", "95 % Wald interval: how sure the model's coefficients are"),
        *(("WARNING", "Warning", warning) for warning in read.reading.warnings),
    ]
    container = ContainerContentItem(
        name=CodedConcept("C0034375", "UMLS", "Qualitative Evaluations"), relationship_type="CONTAINS"
    )
    container.ContentSequence = ContentSequence(
        [TextContentItem(own_code(code, name), value, relationship_type="CONTAINS") for code, name, value in told]
    )
    return container
