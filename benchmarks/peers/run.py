"""perirad beside other packages in one run: CPU seconds per image, ratio, and whether the values agree.

Usage: python -m benchmarks.peers.run [--images 3] [--folder build/peers]

PyRadiomics 3.1.0 installs on Python 3.9 only; name one with PEER_PYTHON, or let it be looked for. A peer that cannot be
installed is reported as such, never left out in silence.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.peers.workload import write_workload

HERE = Path(__file__).resolve().parent
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
REQUIREMENTS = ("numpy<2", "pyradiomics==3.1.0")


def peer_python(folder: Path) -> Path | None:
    """Python of the environment with PyRadiomics, made if need be; None, said aloud, where it cannot be had."""
    python = folder / "venv" / "bin" / "python"
    if python.is_file():
        return python
    base = os.environ.get("PEER_PYTHON") or shutil.which("python3.9")
    if base is None:
        print("PyRadiomics 3.1.0 not measured: it needs Python 3.9; name one with PEER_PYTHON=/path/to/python3.9")
        return None
    made = subprocess.run([base, "-m", "venv", str(folder / "venv")], check=False)
    command = [str(python), "-m", "pip", "install", "--quiet", *REQUIREMENTS]
    if made.returncode or subprocess.run(command, check=False).returncode:
        shutil.rmtree(folder / "venv", ignore_errors=True)
        print(f"PyRadiomics 3.1.0 not measured: {' '.join(REQUIREMENTS)} could not be installed for {base}")
        return None
    return python


def measure(command: list[str], images: Path, count: int, out: Path) -> dict[str, Any]:
    """Run one package over the workload with one thread."""
    subprocess.run([*command, str(images), str(count), str(out)], check=True, env=os.environ | ONE_THREAD)
    result: dict[str, Any] = json.loads(out.read_text())
    return result


def agreement(ours: dict[str, float], theirs: dict[str, float]) -> str:
    """Share of the peer's values that ours equal to 1e-6 relative, and the name of the worst."""
    common = [name for name in theirs if name in ours]
    worst = {name: abs(ours[name] - theirs[name]) / max(abs(theirs[name]), 1e-12) for name in common}
    good = sum(value <= 1e-6 for value in worst.values())
    name = max(worst, key=worst.__getitem__)
    return f"{good} of {len(theirs)} values within 1e-6 relative; worst {worst[name]:.1e} ({name})"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path("build/peers"))
    options = parser.parse_args()
    images = options.folder / "images"
    shutil.rmtree(images, ignore_errors=True)
    write_workload(images, options.images)
    peer = peer_python(options.folder)
    for count, what in ((939, "original, wavelet, LoG 1-5 mm"), (102, "original image only")):
        ours = measure([sys.executable, "-m", "benchmarks.peers.ours"], images, count, options.folder / "ours.json")
        mine = median(ours["seconds"])
        print(f"{what}: {count} features a region, CPU seconds per image (median of {options.images})")
        print(f"  {ours['name']:<20} {mine:8.3f}   {ours['regions']} regions")
        if peer is None:
            continue
        script = [str(peer), str(HERE / "peer_pyradiomics.py")]
        theirs = measure(script, images, count, options.folder / "theirs.json")
        other = median(theirs["seconds"])
        print(
            f"  {theirs['name']:<20} {other:8.3f}   {theirs['regions']} regions   {other / mine:.0f} x perirad's time"
        )
        print(f"  {agreement(ours['values'], theirs['values'])}")


if __name__ == "__main__":
    main()
