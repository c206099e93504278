"""Entry point: `perirad VERB ...`. Exit status 0 done, 1 the input has problems (listed), 2 wrong usage."""

from __future__ import annotations

import os
import sys

import typer

import perirad
from perirad.cli import check, demo, features, init, run, score, steps
from perirad.cli.console import complain
from perirad.errors import InputError, StudyError

__all__ = ["app", "main"]

app = typer.Typer(
    name="perirad",
    help="Peritumoral ultrasound radiomics: from images, outlines and a clinical table to a validated nomogram.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"perirad {perirad.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", help="Print the version.", callback=_version, is_eager=True),
) -> None:
    """Peritumoral ultrasound radiomics."""


app.command("init")(init.init)
app.command("check")(check.check)
app.command("run")(run.run)
app.command("extract")(steps.extract)
app.command("fit")(steps.fit)
app.command("validate")(steps.validate)
app.command("report")(steps.report)
app.command("features")(features.features)
app.command("score")(score.score)
app.command("demo")(demo.demo)


def main() -> None:
    """Run the command; problems of the input are lines on standard error, never a traceback."""
    try:
        app()
    except StudyError as error:
        complain(error.problems)
        sys.exit(1)
    except InputError as error:
        complain([error.problem])
        sys.exit(1)
    except KeyboardInterrupt:
        typer.echo("interrupted; finished cases are kept, the same command goes on from there", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader (head, less) has gone; the interpreter would complain again when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()
