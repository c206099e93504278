"""`perirad workbench [STUDY]`: outline, run, read and score in the browser, on one's own machine."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Annotated

import typer

from perirad.errors import InputError

__all__ = ["workbench"]


def workbench(
    study: Annotated[Path | None, typer.Argument(help="A study folder to open.", metavar="STUDY")] = None,
    host: Annotated[str, typer.Option("--host", help="Address to listen on; loopback only by default.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0: any that is free.")] = 8479,
    home: Annotated[Path, typer.Option("--home", help="Where new studies are made.")] = Path(),
    allow: Annotated[
        list[Path] | None, typer.Option("--allow", help="A folder beside the study whose images may be read.")
    ] = None,
    certificate: Annotated[Path | None, typer.Option("--certificate", help="TLS certificate (PEM).")] = None,
    key: Annotated[Path | None, typer.Option("--key", help="Its private key (PEM).")] = None,
    open_network: Annotated[bool, typer.Option("--open-network", help="Other addresses without TLS.")] = False,
) -> None:
    """Open the workbench; the address that is printed holds the key of this session."""
    try:
        from perirad.workbench.app import check_address, serve  # noqa: PLC0415
        from perirad.workbench.bench import Bench  # noqa: PLC0415
        from perirad.workbench.guard import Rules  # noqa: PLC0415
    except ImportError as error:
        mend = "install the extra: pip install 'perirad[workbench]'"
        raise InputError("the workbench needs its extra", str(error), mend=mend) from None
    password = os.environ.get("PERIRAD_PASSWORD", "")
    check_address(host, certificate=certificate, password=password, open_network=open_network)
    bench = Bench(home=home.expanduser().resolve(), allowed=tuple(allow or ()))
    if study is not None:
        bench.open(study)
    port = port or _free(host)
    hosts = {f"{host}:{port}"} | (
        {f"localhost:{port}", f"127.0.0.1:{port}"} if host in {"127.0.0.1", "localhost"} else set()
    )
    rules = Rules(frozenset(hosts), password) if password else Rules(frozenset(hosts))
    scheme = "http" if certificate is None else "https"
    shown = "" if password else f"?token={rules.token}"
    typer.echo(f"workbench: {scheme}://{host}:{port}/{shown}")
    typer.echo("Ctrl-C ends it; outlines are saved as they are drawn")
    serve(bench, host, port, rules, certificate=certificate, key=key)


def _free(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
