"""How well rulers are read from simulated screenshots, and how often one is seen where none is.

Usage: python -m benchmarks.ruler [--first 50000] [--count 200] [--pictures FOLDER ...]

For each style of tick: screenshots; those within 1 % of the true spacing on both axes; those whose confidence reaches
the limit; those that are sure and wrong (must be none). Once with the distance of the ticks stated, once without. Then
as many pictures that show no ruler; then every picture of the folders given, of which none may have a ruler.
Seeds below 40200 were looked at while the reader was written, 50000-50199 when it was done.
Pixels that are not square, one picture in twelve, always
have two rulers; where only one of them is read, the reading is wrong along the other axis, and should not be sure.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from time import process_time

import numpy as np

from perirad.image.read import read_image
from perirad.image.ruler import RulerReading, find_rulers, read_ruler, weigh_rulers
from perirad.simulate.screenshot import Screenshot, simulate_screenshot, simulate_without_ruler

PARTS = ("rulers", "none")
OUTLINE = re.compile(r"_(mask|tumor|other)")


def is_right(reading: RulerReading | None, shot: Screenshot) -> bool:
    if reading is None:
        return False
    pairs = zip(reading.spacing_mm, shot.spacing_mm, strict=True)
    return all(abs(read / true - 1.0) <= 0.01 for read, true in pairs)


def styles_of(shot: Screenshot) -> list[str]:
    style = shot.style
    square = shot.spacing_mm[0] == shot.spacing_mm[1]
    return [
        "all",
        style.mark,
        "sector" if style.sector else "linear",
        f"{shot.tick_mm:g} mm",
        "longer ticks" if style.major_every > 1 else "equal ticks",
        "JPEG" if style.jpeg else "PNG",
        "square" if square else "not square",
        f"{len(shot.rulers)} ruler" + ("s" if len(shot.rulers) > 1 else ""),
        *(["few ticks"] if max(ruler.n_ticks for ruler in shot.rulers) < 5 else []),
    ]


def measure(seeds: Iterable[int], *, verbose: bool) -> None:
    """Print the tables of accuracy."""
    tables: dict[bool, dict[str, list[tuple[bool, bool]]]] = {True: defaultdict(list), False: defaultdict(list)}
    seconds = []
    for seed in seeds:
        shot = simulate_screenshot(seed)
        start = process_time()
        found = find_rulers(shot.pixels)
        seconds.append((process_time() - start) / shot.pixels.size * 8e5)
        for stated, table in tables.items():
            reading = weigh_rulers(found, shot.pixels.shape, shot.tick_mm if stated else None)
            right, sure = is_right(reading, shot), reading is not None and reading.is_sure
            for name in styles_of(shot):
                table[name].append((right, sure))
            if (sure and not right) or (verbose and stated and not (right and sure)):
                print(f"  seed {seed}: {'right' if right else 'WRONG'}, {reading.line() if reading else 'none'}")
    for stated, table in tables.items():
        print(f"\ndistance of the ticks {'stated' if stated else 'not stated'}")
        print(f"{'style':<14}{'pictures':>10}{'within 1 %':>12}{'sure':>8}{'sure, wrong':>13}")
        for name, cells in table.items():
            right_, sure_ = np.array(cells).T
            print(f"{name:<14}{len(cells):>10}{right_.sum():>12}{sure_.sum():>8}{(sure_ & ~right_).sum():>13}")
    print(f"CPU per 800 x 1000 pixels: median {np.median(seconds):.3f} s, longest {max(seconds):.3f} s")


def measure_negatives(seeds: Iterable[int]) -> None:
    """Print how many pictures without a ruler are said to have one."""
    table: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for seed in seeds:
        shot = simulate_without_ruler(seed)
        found = find_rulers(shot.pixels)
        for number, tick_mm in enumerate((5.0, None)):
            reading = weigh_rulers(found, shot.pixels.shape, tick_mm)
            table[shot.kind].append((number == 0, reading is not None and reading.is_sure))
            if reading is not None and reading.is_sure:
                print(f"  seed {seed} ({shot.kind}): {reading.line()}")
    print(f"\n{'no ruler':<14}{'pictures':>10}{'sure, stated':>14}{'sure, not':>11}")
    for kind, cells in table.items():
        stated, sure = np.array(cells).T
        print(f"{kind:<14}{stated.sum():>10}{(sure & stated).sum():>14}{(sure & ~stated).sum():>11}")


def measure_folder(folder: Path) -> None:
    """Print the sure readings of real pictures."""
    files = sorted(path for path in folder.rglob("*.png") if not OUTLINE.search(path.stem))
    sure, best = 0, 0.0
    for path in files:
        pixels = read_image(path, spacing_mm=1.0, assumed=True).pixels
        reading = read_ruler(pixels, 5.0)
        best = max(best, reading.confidence if reading else 0.0)
        if reading is not None and reading.is_sure:
            sure += 1
            print(f"  {path.name}: {reading.line()}")
    print(f"\n{folder.name}: {len(files)} pictures, {sure} sure, highest confidence {best:.2f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first", type=int, default=50_000)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--parts", nargs="*", default=PARTS, choices=PARTS, help="which tables; all by default")
    parser.add_argument("--pictures", type=Path, nargs="*", default=[])
    parser.add_argument("--verbose", action="store_true", help="list every screenshot that is not sure")
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.count)
    if "rulers" in options.parts:
        measure(seeds, verbose=options.verbose)
    if "none" in options.parts:
        measure_negatives(seeds)
    for folder in options.pictures:
        measure_folder(folder)


if __name__ == "__main__":
    main()
