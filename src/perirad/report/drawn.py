"""Every figure drawn once, in all its formats: folder of figures, web page and document take it from here."""

from __future__ import annotations

import io
import multiprocessing
import pickle  # only between this process and its own workers; never from a file
import signal
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure
from PIL import Image as Pillow

from perirad.report.contents import ReportContents
from perirad.report.figures.all import report_figures
from perirad.report.style import FORMATS, PRINT_DPI, Format, render, render_pixels

__all__ = ["Drawn", "draw_all", "write_figures"]

SCREEN_DPI = 300
_SMALL = 2 / 3
_PREDICTOR = {317: 2}
"""TIFF tag: differences between neighbours are compressed, which halves the file without a loss."""


@dataclass(frozen=True)
class Drawn:
    """A figure in all formats asked for.

    `preview` is a PNG of 300 dpi, `small` a JPEG of 200 dpi; `files` has the bytes of each format.
    """

    stem: str
    size_mm: tuple[float, float]
    files: Mapping[Format, bytes]
    svg: bytes
    preview: bytes
    small: bytes


def draw_all(contents: ReportContents, *, formats: Sequence[Format] = FORMATS, workers: int = 1) -> dict[str, Drawn]:
    """Draw every figure of a report; keys are their stems, in reading order.

    Parameters
    ----------
    formats : sequence of {"svg", "pdf", "png", "tiff"}
        PNG and TIFF have 600 dpi.
    workers : int
        Processes; the bytes do not depend on it.
    """
    stems = [item.stem for item in report_figures(contents)]
    count = min(workers, len(stems))
    if count <= 1:
        return {item.stem: item for item in _here(contents, stems, formats)}
    try:
        return {item.stem: item for item in _in_processes(contents, stems, formats, count)}
    except BrokenProcessPool:  # a worker was killed, perhaps for want of memory: one process needs least
        return {item.stem: item for item in _here(contents, stems, formats)}


def write_figures(contents: ReportContents, folder: Path, drawn: Mapping[str, Drawn] | None = None) -> tuple[Path, ...]:
    """Write every figure into a folder, made if need be; same contents, same bytes.

    As SVG, PDF, and as PNG and TIFF of 600 dpi, where `drawn` does not hold other formats.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for item in (draw_all(contents) if drawn is None else drawn).values():
        for form, content in item.files.items():
            path = folder / f"{item.stem}.{form}"
            path.write_bytes(content)
            written.append(path)
    return tuple(written)


def _here(contents: ReportContents, stems: Sequence[str], formats: Sequence[Format]) -> Iterator[Drawn]:
    figures = {item.stem: item for item in report_figures(contents)}
    for stem in stems:
        yield _drawn(stem, figures[stem].draw(contents), formats)


def _drawn(stem: str, figure: Figure, formats: Sequence[Format]) -> Drawn:
    svg = render(figure, "svg")
    files: dict[Format, bytes] = {}
    for form in formats:
        if form == "svg":
            files[form] = svg
        elif form == "pdf":
            files[form] = render(figure, "pdf")
    if "png" in formats or "tiff" in formats:
        pixels = render_pixels(figure, PRINT_DPI)
        files |= {form: _bytes(pixels, form, PRINT_DPI) for form in formats if form in {"png", "tiff"}}
        shown = pixels.reduce(PRINT_DPI // SCREEN_DPI)
    else:
        shown = render_pixels(figure, SCREEN_DPI)
    small = io.BytesIO()
    shown.resize([round(side * _SMALL) for side in shown.size]).save(small, "JPEG", quality=85)
    preview = _bytes(shown, "png", SCREEN_DPI)
    width, height = (25.4 * float(side) for side in figure.get_size_inches())
    return Drawn(stem, (width, height), files, svg, preview, small.getvalue())


def _bytes(pixels: Pillow.Image, form: Format, dpi: int) -> bytes:
    stream = io.BytesIO()
    if form == "tiff":
        pixels.save(stream, "TIFF", compression="tiff_lzw", dpi=(dpi, dpi), tiffinfo=_PREDICTOR)
    else:
        pixels.save(stream, "PNG", compress_level=4, dpi=(dpi, dpi))
    return stream.getvalue()


_given: tuple[ReportContents, tuple[Format, ...]] | None = None


def _take(packed: bytes) -> None:
    """Begin a worker: it is told once what to draw, and leaves Ctrl-C to the main process."""
    global _given  # noqa: PLW0603  (what a worker was started with)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _given = pickle.loads(packed)  # noqa: S301  (from the main process)


def _one(stem: str) -> Drawn:
    assert _given is not None, "a worker begins with _take"
    contents, formats = _given
    return next(_here(contents, [stem], formats))


def _in_processes(contents: ReportContents, stems: Sequence[str], formats: Sequence[Format], count: int) -> list[Drawn]:
    packed = pickle.dumps((contents, tuple(formats)))
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(count, mp_context=context, initializer=_take, initargs=(packed,)) as pool:
        return list(pool.map(_one, stems))
