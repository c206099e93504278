"""Which packages are measured, and an environment of its own for each."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["NOT_MEASURED", "PEERS", "Peer", "python_of"]


@dataclass(frozen=True)
class Peer:
    """A package to measure.

    `pythons` are the versions it installs on, the preferred one first; `words` are handed to its script after the name.
    """

    name: str
    requirements: tuple[str, ...]
    pythons: tuple[str, ...]
    script: str
    words: tuple[str, ...] = ()


_NEWER = ("3.12", "3.11")
_PYRADIOMICS, _MIRP = "peer_pyradiomics.py", "peer_mirp.py"
# flash-radiomics does not name what it imports.
_OF_FLASH = [
    "numpy",
    "h5py",
    "SimpleITK",
    "pykwalify",
    "PyWavelets",
    "scipy",
    "scikit-image",
    "scikit-learn",
    "trimesh",
]
PEERS = (
    Peer("pyradiomics", ("numpy<2", "pyradiomics==3.1.0"), ("3.9",), _PYRADIOMICS, ("radiomics",)),
    Peer("pyradiomics-bhklab", ("pyradiomics-bhklab==3.1.4",), _NEWER, _PYRADIOMICS, ("radiomics",)),
    Peer("flash-radiomics", ("flash-radiomics==1.0.0", *_OF_FLASH), _NEWER, _PYRADIOMICS, ("flash_radiomics",)),
    Peer("mirp", ("mirp==2.7.0",), _NEWER, _MIRP),
)
NOT_MEASURED = {
    "PyRadiomics master": "no package registry holds it",
    "pictologics 0.9.0": "installs; nobody has written the script that turns its settings and names into these",
    "nyxus 0.11.0": "installs; the same",
    "numpyradiomics 0.0.5": "installs; it has no filters of its own, and the same",
}
"""Packages that are known and have no place in the run, with the reason."""


def _candidates(version: str) -> Iterator[str]:
    """Commands that may be a Python of a version: the one that was named, those on the path, pyenv's."""
    named = os.environ.get("PEER_PYTHON")
    if named:
        yield named
    for folder in os.get_exec_path():
        yield str(Path(folder) / f"python{version}")
    root = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    yield from (str(path) for path in sorted(root.glob(f"versions/{version}.*/bin/python"), reverse=True))


def _works(command: str, version: str) -> bool:
    """Whether it runs and is that version: a pyenv shim is there for every version, and runs only for some."""
    if shutil.which(command) is None:
        return False
    code = f"import sys, venv; sys.exit('%d.%d' % sys.version_info[:2] != '{version}')"
    return subprocess.run([command, "-c", code], check=False, capture_output=True).returncode == 0


def python_of(peer: Peer, folder: Path) -> tuple[Path | None, str]:
    """Python of the peer's environment below `folder`, made if need be; or None, and why not."""
    place = folder / "environments" / peer.name
    python, log = place / "bin" / "python", folder / f"{peer.name}.log"
    done = place / "installed.txt"
    wanted = " ".join(peer.requirements)
    if done.is_file() and done.read_text(encoding="utf-8") == wanted:
        return python, ""
    found = (command for version in peer.pythons for command in _candidates(version) if _works(command, version))
    base = next(found, None)
    if base is None:
        return None, f"needs Python {' or '.join(peer.pythons)}; name one with PEER_PYTHON=/path/to/python"
    shutil.rmtree(place, ignore_errors=True)
    with log.open("w", encoding="utf-8") as stream:
        for command in ([base, "-m", "venv", str(place)], [str(python), "-m", "pip", "install", *peer.requirements]):
            if subprocess.run(command, check=False, stdout=stream, stderr=stream).returncode:
                return None, f"{wanted} could not be installed with {base}; see {log}"
    done.write_text(wanted, encoding="utf-8")
    return python, ""
