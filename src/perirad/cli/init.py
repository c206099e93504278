"""`perirad init DIR`: a new study folder."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from perirad.errors import InputError

__all__ = ["init"]

_PRESETS = ("her2-low-2025",)


def init(
    folder: Annotated[Path, typer.Argument(help="The new study folder.", metavar="DIR")],
    preset: Annotated[str, typer.Option("--preset", help="A published design to begin with: her2-low-2025.")] = "",
) -> None:
    """Make a study folder: commented study.toml and an example cases.csv."""
    if preset and preset not in _PRESETS:
        raise InputError(f"a preset must be one of {', '.join(_PRESETS)}", repr(preset))
    templates = resources.files("perirad.cli") / "templates"
    names = ("study.toml", "cases.csv")
    for name in names:
        if (folder / name).exists():
            raise InputError("init makes a new study", f"{name} already there", file=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        source = f"{preset}.toml" if preset and name == "study.toml" else name
        (folder / name).write_text((templates / source).read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "images").mkdir(exist_ok=True)
    (folder / "masks").mkdir(exist_ok=True)
    typer.echo(f"study folder: {folder}")
    typer.echo("next: put images and masks in, fill cases.csv, name the outcome in study.toml, then `perirad check`")
