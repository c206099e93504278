"""`perirad card MODEL`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["card"]


def card(
    model: Annotated[Path, typer.Argument(help="model.json of a study.")],
    out: Annotated[Path | None, typer.Option("--out", help="File to write; default: print.")] = None,
) -> None:
    """What a person should know of a model before using it, as Markdown, out of the file alone."""
    from perirad.study.card import model_card  # noqa: PLC0415
    from perirad.study.model import load_model  # noqa: PLC0415
    from perirad.study.store import write_text  # noqa: PLC0415

    text = model_card(load_model(model))
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_text(out, text)
        typer.echo(f"card: {out}")
