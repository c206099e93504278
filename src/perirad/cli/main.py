"""Entry point: `perirad VERB ...`. Exit status 0 done, 1 the input has problems (listed), 2 wrong usage."""

from __future__ import annotations

import os
import signal
import sys

import typer

import perirad
from perirad.cli import (
    audit,
    card,
    catalogue,
    check,
    convert,
    demo,
    features,
    init,
    ruler,
    run,
    score,
    steps,
    update,
    workbench,
)
from perirad.cli.console import complain
from perirad.errors import InputError, Problem, StudyError

__all__ = ["app", "main"]

# Our own workers fill the processors; threads of the linear algebra on top would only get in their way. It is read when
# NumPy is first imported, which no command has done yet.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

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
app.command("audit")(audit.audit)
app.command("features")(features.features)
app.command("card")(card.card)
app.command("catalogue")(catalogue.catalogue)
app.command("convert-mask")(convert.convert_mask)
app.command("score")(score.score)
app.command("update")(update.update)
app.command("ruler")(ruler.ruler)
app.command("demo")(demo.demo)
app.command("workbench")(workbench.workbench)


def main() -> None:
    """Run the command; problems of the input are lines on standard error, never a traceback."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended politely: as Ctrl-C does
    try:
        app()
    except (StudyError, InputError) as error:
        complain(error.problems)
        sys.exit(1)
    except KeyboardInterrupt:
        _interrupted()
        sys.exit(130)
    except SystemExit as end:
        # What typer makes of Ctrl-C, without a word.
        if end.code == 130:
            _interrupted()
        raise
    except BrokenPipeError:
        # The reader (head, less) has gone; the interpreter would complain again when it flushes.
        _silence_output()
        sys.exit(1)
    except OSError as error:
        complain([_file_problem(error)])
        _silence_output()
        sys.exit(1)


def _interrupted() -> None:
    typer.echo("interrupted; finished cases are kept, the same command goes on from there", err=True)


def _silence_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _file_problem(error: OSError) -> Problem:
    """A full disk, a folder that must not be written: what is done already is kept."""
    name = os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else ""
    mend = "make room, or allow it; the same command goes on from there"
    return Problem("files must be readable and writable", error.strerror or type(error).__name__, file=name, mend=mend)


if __name__ == "__main__":
    main()
