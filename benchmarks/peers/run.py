"""perirad beside other packages in one run: CPU seconds per image, ratio, and whether the values agree.

Usage: python -m benchmarks.peers.run [--images 5] [--folder build/peers] [--only NAME ...]

Every peer lives in an environment of its own below the folder. A peer that cannot be installed, fails or lacks a filter
is reported as such, never left out in silence. What is measured and what is not: docs/benchmarks.md.
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

from benchmarks.peers.agreement import compare
from benchmarks.peers.environments import NOT_MEASURED, PEERS, python_of
from benchmarks.peers.workload import write_workload

HERE = Path(__file__).resolve().parent
ONE_THREAD = {
    f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")
}  # so that nobody waits for a thread
MOST_SECONDS = 1800
WORKLOADS = ((939, "original, four wavelet bands, LoG 1-5 mm"), (102, "original image only"))


def measure(command: list[str], out: Path) -> dict[str, Any] | str:
    """Run one package over the workload with one thread; or what it said when it failed."""
    out.unlink(missing_ok=True)
    environment = os.environ | ONE_THREAD | {"FLASH_RADIOMICS_HDF5_DIR": str(out.parent / "hdf5")}
    try:
        done = subprocess.run(
            command, check=False, env=environment, capture_output=True, text=True, timeout=MOST_SECONDS
        )
    except subprocess.TimeoutExpired:
        return f"not done after {MOST_SECONDS} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["no message"])[-1]
    result: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return result


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=Path("build/peers"))
    parser.add_argument("--only", nargs="*", metavar="NAME", help=", ".join(peer.name for peer in PEERS))
    options = parser.parse_args()
    folder = options.folder.resolve()
    shutil.rmtree(folder / "images", ignore_errors=True)
    write_workload(folder / "images", options.images)
    peers = [peer for peer in PEERS if not options.only or peer.name in options.only]
    pythons = {peer.name: python_of(peer, folder) for peer in peers}
    for count, what in WORKLOADS:
        words = [str(folder / "images"), str(count)]
        ours = measure(
            [sys.executable, "-m", "benchmarks.peers.ours", *words, str(folder / "ours.json")], folder / "ours.json"
        )
        if isinstance(ours, str):
            sys.exit(f"perirad: {ours}")
        mine = median(ours["seconds"])
        print(f"{what}: {count} features a region; CPU seconds per image, median of {options.images}")
        print(f"  {ours['name']:<26} {mine:8.3f}   {ours['regions']} regions", flush=True)
        for peer in peers:
            python, why = pythons[peer.name]
            out = folder / f"{peer.name}.json"
            script = [str(python), str(HERE / peer.script), *words, str(out), peer.name, *peer.words]
            found = measure(script, out) if python else why
            if isinstance(found, str):
                print(f"  {peer.name:<26} not measured: {found}", flush=True)
                continue
            theirs = median(found["seconds"])
            ratio = f"{theirs / mine:6.1f} x perirad's time"
            print(f"  {found['name']:<26} {theirs:8.3f}   {found['regions']} regions   {ratio}")
            print(f"    {compare(ours['values'], found['values']).line()}", flush=True)
    print("Known and not in this run:")
    for name, why in NOT_MEASURED.items():
        print(f"  {name:<26} {why}")


if __name__ == "__main__":
    main()
