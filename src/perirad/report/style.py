"""One look for all figures: journal widths, colours that survive colour blindness, same bytes each time."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import Any, Final, Literal, NamedTuple, ParamSpec

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from PIL import Image as Pillow

from perirad.report.contents import ReportContents
from perirad.report.text import printable

__all__ = [
    "DOUBLE_MM",
    "FORMATS",
    "GREY",
    "INK",
    "OUTCOME_COLOURS",
    "PRINT_DPI",
    "REGION_COLOURS",
    "SIMULATED",
    "SINGLE_MM",
    "SIZE",
    "Format",
    "LineLook",
    "Panels",
    "fit_lines",
    "look",
    "mark_kind",
    "mm_canvas",
    "new_figure",
    "panel_width_mm",
    "panels",
    "render",
    "render_pixels",
    "styled",
    "text_size_mm",
]  # fmt: skip

Format = Literal["svg", "pdf", "png", "tiff"]
FORMATS: Final[tuple[Format, ...]] = ("svg", "pdf", "png", "tiff")
PRINT_DPI = 600
SINGLE_MM, DOUBLE_MM = 85.0, 175.0
SIZE = 7.0
_MARK = 5.2
DPI = 300
_LEFT_MM, _RIGHT_MM, _STRIP_GAP_MM = 12.0, 3.0, 4.0
INK, GREY = "#1a1a1a", "#6b6b6b"
SIMULATED = "Simulated cohort - not patients"
OUTCOME_COLOURS = ("#4c9ed0", "#b3420a")
REGION_COLOURS = {"I": "#ffd92f", "P3": "#66d9ff", "P5": "#ff8c42", "P8": "#e78ac3"}

_P = ParamSpec("_P")
_STACKED: ContextVar[bool] = ContextVar("stacked", default=False)
_RC: dict[str, Any] = {
    "font.family": "DejaVu Sans", "font.size": SIZE, "text.parse_math": False, "text.color": INK,
    "figure.dpi": DPI, "savefig.dpi": DPI, "figure.facecolor": "white", "savefig.facecolor": "white",
    "axes.titlesize": 8, "axes.titleweight": "bold", "axes.titlelocation": "left", "axes.labelsize": SIZE,
    "axes.edgecolor": INK, "axes.labelcolor": INK, "axes.linewidth": 0.6, "axes.spines.top": False,
    "axes.spines.right": False, "axes.unicode_minus": True, "lines.linewidth": 1.3, "lines.markersize": 3.5,
    "xtick.labelsize": 6.5, "ytick.labelsize": 6.5, "xtick.color": INK, "ytick.color": INK, "xtick.major.width": 0.6,
    "ytick.major.width": 0.6, "xtick.major.size": 2.5, "ytick.major.size": 2.5, "legend.fontsize": 6.5,
    "legend.frameon": False, "legend.handlelength": 2.8, "legend.title_fontsize": 6.5, "svg.fonttype": "path",
    "svg.hashsalt": "perirad", "pdf.fonttype": 42, "image.interpolation": "nearest",
}  # fmt: skip
_METADATA: dict[Format, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    "png": {"Software": None},
    "tiff": {},
}


class LineLook(NamedTuple):
    """Colour, dash and marker of one model: any one of the three tells the models apart."""

    colour: str
    dash: Any
    marker: str


_LOOKS = (
    LineLook("#12355b", "-", "o"),
    LineLook("#b84a00", (0, (5, 1.6)), "s"),
    LineLook("#3f9fd0", (0, (5, 1.4, 1, 1.4)), "^"),
    LineLook("#8a4f9e", (0, (1.2, 1.2)), "D"),
    LineLook("#5c8a1e", (0, (8, 2, 1, 2, 1, 2)), "v"),
    LineLook("#8c6d1f", (0, (3, 3)), "P"),
)


def look(index: int) -> LineLook:
    """Look of the n-th curve of a figure."""
    return _LOOKS[index % len(_LOOKS)]


def _paper() -> AbstractContextManager[None]:
    return matplotlib.style.context(["default", _RC])


def styled(draw: Callable[_P, Figure]) -> Callable[_P, Figure]:
    """Run a drawing function under the house style, whatever the user's own settings are."""

    @wraps(draw)
    def inner(*args: _P.args, **kwargs: _P.kwargs) -> Figure:
        first = args[0] if args else None
        token = _STACKED.set(isinstance(first, ReportContents) and first.column == "single")
        try:
            with _paper():
                return draw(*args, **kwargs)
        finally:
            _STACKED.reset(token)

    return inner


def new_figure(width_mm: float, height_mm: float) -> Figure:
    """Empty figure of a size in millimetres, without pyplot's global list of figures."""
    figure = Figure(figsize=(width_mm / 25.4, height_mm / 25.4), dpi=DPI)
    FigureCanvasAgg(figure)
    return figure


class Panels(NamedTuple):
    """Panels side by side and, where asked for, a flat strip beneath each."""

    figure: Figure
    tops: list[Axes]
    strips: list[Axes]


def panel_width_mm(n_panels: int) -> float:
    """Width of the axes of one of n panels: one takes a single column of the journal, more take both unless stacked."""
    n_panels = 1 if _STACKED.get() else n_panels
    return ((SINGLE_MM if n_panels == 1 else DOUBLE_MM) - 2) / max(n_panels, 1) - _LEFT_MM - _RIGHT_MM


def panels(
    n_columns: int, *, head_mm: float, foot_mm: float, ratio: float = 1.0, strip_mm: float = 0.0, n_rows: int = 1
) -> Panels:
    """Axes at fixed places, row by row: `head_mm` above each for titles, `foot_mm` beneath for labels and legend.

    `ratio` is height over width of the axes; a strip of height `strip_mm` stands beneath each where positive. In a
    report for a single column all panels stand one beneath the other.
    """
    if _STACKED.get() and n_columns > 1:
        n_rows, n_columns = n_rows * n_columns, 1
    width_mm = SINGLE_MM if n_columns <= 1 else DOUBLE_MM
    size_mm = panel_width_mm(n_columns)
    below_mm = foot_mm + (strip_mm + _STRIP_GAP_MM if strip_mm else 0.0)
    row_mm = head_mm + ratio * size_mm + below_mm
    height_mm = n_rows * row_mm
    figure = new_figure(width_mm, height_mm)
    tops, strips = [], []
    for index in range(n_rows * n_columns):
        row, column = divmod(index, n_columns)
        left = (column * (width_mm - 2) / n_columns + _LEFT_MM) / width_mm
        base = (n_rows - 1 - row) * row_mm
        box = (left, (base + below_mm) / height_mm, size_mm / width_mm, ratio * size_mm / height_mm)
        tops.append(figure.add_axes(box))
        if strip_mm:
            box = (left, (base + foot_mm) / height_mm, size_mm / width_mm, strip_mm / height_mm)
            strips.append(figure.add_axes(box, sharex=tops[-1]))
    return Panels(figure, tops, strips)


def mm_canvas(width_mm: float, height_mm: float) -> tuple[Figure, Axes]:
    """Figure whose only axes count millimetres from the lower left corner."""
    figure = new_figure(width_mm, height_mm)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0, width_mm)
    axes.set_ylim(0, height_mm)
    axes.axis("off")
    return figure, axes


def mark_kind(figure: Figure, contents: ReportContents) -> Figure:
    """Write on a figure that its cohort is simulated, and that spacings are assumed; other figures carry nothing."""
    if contents.kind == "simulated":
        height_mm = figure.get_figheight() * 25.4
        figure.text(
            0.995, 0.8 / height_mm, SIMULATED, ha="right", va="bottom", fontsize=_MARK, color=GREY, style="italic"
        )
    if contents.lengths.assumed:
        _margin_note(figure, contents.lengths.note)
    return figure


def _margin_note(figure: Figure, note: str) -> None:
    """Write a note on a strip of its own beneath a figure, where it can cover nothing."""
    # Letters of coarse prints are up to 8 % wider than those that are measured.
    text = fit_lines(note, 0.91 * figure.get_figwidth() * 25.4, _MARK, max_lines=8)
    _grow(figure, text_size_mm(text, _MARK)[1] * 1.1 + 1.2)
    height_mm = figure.get_figheight() * 25.4
    figure.text(0.005, 0.6 / height_mm, text, ha="left", va="bottom", fontsize=_MARK, color=GREY, style="italic")


def _grow(figure: Figure, strip_mm: float) -> None:
    """Lengthen a figure at its foot; what is drawn keeps its size and its place on the paper."""
    before_mm = figure.get_figheight() * 25.4
    share = before_mm / (before_mm + strip_mm)
    figure.set_figheight((before_mm + strip_mm) / 25.4)
    for axes in figure.axes:
        left, base, width, height = axes.get_position(original=True).bounds
        axes.set_position((left, 1 - (1 - base) * share, width, height * share))
    for text in figure.texts:
        text.set_y(1 - (1 - text.get_position()[1]) * share)
    for legend in figure.legends:
        spot = legend.get_bbox_to_anchor().transformed(figure.transFigure.inverted())
        if spot.width == 0:  # else it hangs in a corner of the figure, whatever its size
            legend.set_bbox_to_anchor((spot.x0, 1 - (1 - spot.y0) * share), transform=figure.transFigure)


def render(figure: Figure, form: Format, *, dpi: int = DPI) -> bytes:
    """Bytes of a figure, the same each time: no date, no random identifiers."""
    stream = io.BytesIO()
    with _paper():
        figure.savefig(stream, format=form, metadata=_METADATA[form], dpi=dpi)
    return stream.getvalue()


def render_pixels(figure: Figure, dpi: int) -> Pillow.Image:
    """Pixels of a figure as an RGB picture."""
    stream = io.BytesIO()
    with _paper():
        figure.savefig(stream, format="rgba", dpi=dpi)
    size = [int(side * dpi) for side in figure.get_size_inches()]
    return Pillow.frombuffer("RGBA", (size[0], size[1]), stream.getvalue(), "raw", "RGBA", 0, 1).convert("RGB")


@lru_cache(maxsize=1)
def _renderer() -> RendererAgg:
    return RendererAgg(16, 16, DPI)  # type: ignore[no-untyped-call]  # the stub lacks it


def text_size_mm(text: str, size: float = SIZE, weight: str = "normal") -> tuple[float, float]:
    """Width and height of a text in millimetres as it will be drawn (lines parted by newlines)."""
    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    lines = text.split("\n")
    measure: Callable[..., tuple[float, float, float]] = _renderer().get_text_width_height_descent
    widest = max(measure(line or " ", font, ismath=False)[0] for line in lines)
    return widest / DPI * 25.4, len(lines) * size * 1.2 / 72 * 25.4


def fit_lines(text: str, width_mm: float, size: float = SIZE, *, max_lines: int = 2, weight: str = "normal") -> str:
    """Break a name over lines of a width, at spaces, underscores and hyphens first; an ellipsis ends a long one."""
    pieces = re.findall(r"[^\s_\-=]*[\s_\-=]?", printable(" ".join(text.split())))
    lines, line = [], ""

    def fits(candidate: str) -> bool:
        return text_size_mm(candidate.rstrip(), size, weight)[0] <= width_mm

    for piece in pieces:
        if fits(line + piece):
            line += piece
            continue
        if line:
            lines.append(line.rstrip())
        while not fits(piece) and len(piece) > 1:
            cut = next(n for n in range(len(piece) - 1, 0, -1) if n == 1 or fits(piece[:n]))
            lines.append(piece[:cut])
            piece = piece[cut:]  # noqa: PLW2901  (what is left of it)
        line = piece
    lines.append(line.rstrip())
    if len(lines) > max_lines:
        last = lines[max_lines - 1]
        while last and not fits(last + "…"):
            last = last[:-1]
        lines = [*lines[: max_lines - 1], last + "…"]
    return "\n".join(lines)
