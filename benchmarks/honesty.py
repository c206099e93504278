"""Whole simulated studies over many seeds: what a planted effect and no effect look like.

Usage: python benchmarks/honesty.py [--effect 1] [--seeds 10] [--first 1] [--patients 433] [--folder DIR]

Each seed makes its own cohort (images, table), extracts, fits and tests it. With an effect, I+P5 should beat I and the
width chosen inside training should be 5 mm; without one (--effect 0), the nomogram's mean AUC in the test set should be
0.5. Printed as CSV, a line per seed, and a summary.
"""

from __future__ import annotations

import argparse
import shutil
from collections import Counter
from pathlib import Path

import numpy as np

from perirad.simulate.study import write_study
from perirad.study import engine
from perirad.study.evaluation import NOMOGRAM, radscore_name
from perirad.study.settings import open_study


def one(folder: Path, seed: int, effect: float, patients: int) -> tuple[str, float, float, float]:
    """Chosen scenario and test AUCs of I, I+P5 and the nomogram; the folder is removed afterwards."""
    write_study(folder, n_patients=patients, seed=seed, effect=effect, workers=0)
    fitted = engine.fit(engine.extract(open_study(folder)))
    results = engine.validate(fitted).evaluation.results
    shutil.rmtree(folder)
    lesion, ring, nomogram = (
        results[name].cohort("test").auc.estimate for name in (radscore_name("I"), radscore_name("I+P5"), NOMOGRAM)
    )
    return fitted.development.chosen, lesion, ring, nomogram


def main() -> None:
    """Run the seeds and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--effect", type=float, default=1.0)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--patients", type=int, default=433)
    parser.add_argument("--folder", type=Path, default=Path("build/honesty"))
    options = parser.parse_args()
    print("seed,effect,chosen,auc_test_I,auc_test_I+P5,auc_test_nomogram", flush=True)
    chosen: Counter[str] = Counter()
    rows = []
    for seed in range(options.first, options.first + options.seeds):
        name, *aucs = one(options.folder / str(seed), seed, options.effect, options.patients)
        chosen[name] += 1
        rows.append(aucs)
        print(f"{seed},{options.effect:g},{name},{','.join(f'{auc:.4f}' for auc in aucs)}", flush=True)
    means = np.mean(rows, axis=0)
    better = sum(ring > lesion for lesion, ring, _ in rows)
    print(f"# chosen: {dict(chosen)}; I+P5 beats I in the test set in {better} of {len(rows)}")
    print(f"# mean test AUC: I {means[0]:.4f}, I+P5 {means[1]:.4f}, nomogram {means[2]:.4f}")


if __name__ == "__main__":
    main()
