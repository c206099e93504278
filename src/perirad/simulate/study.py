"""A simulated cohort as a study folder: images, table, truth and `study.toml`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import perirad
from perirad.simulate.cohort import CohortSettings, simulate_cohort
from perirad.study.store import write_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["write_study"]


def write_study(
    folder: Path,
    *,
    n_patients: int = 433,
    seed: int = 20240611,
    effect: float = 1.0,
    workers: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Simulate a cohort into `folder` and write its `study.toml`.

    `effect` scales all planted effects: 0 gives a null cohort, in which nothing that can be seen or asked has anything
    to do with the outcome. A cohort that is already there with the same settings is not made again.
    """
    settings = CohortSettings(
        n_patients=n_patients, seed=seed, effect_lesion=effect, effect_rim=effect, effect_clinical=effect
    )
    text = _STUDY_TOML.format(seed=seed, settings=settings, version=perirad.__version__)
    marker = folder / "study.toml"
    if marker.is_file() and marker.read_text(encoding="utf-8") == text and (folder / "truth.csv").is_file():
        return
    marker.unlink(missing_ok=True)
    simulate_cohort(folder, settings, workers=workers, progress=progress)
    # Last, because it says that the cohort beneath it is complete.
    write_text(marker, text)


_STUDY_TOML = """\
# A simulated cohort of the design of a published study: HER2-low against HER2-zero, two centres.
# No patient is behind it.
# perirad {version}, {settings}

title = "HER2-low on B-mode ultrasound"
kind = "simulated"
table = "cases.csv"
seed = {seed}
preset = "her2-low-2025"  # the published design; what its abstract does not state is marked as assumed

[outcome]
rule = "her2-low"
ihc = "her2_ihc"
ish = "her2_ish"
label = "HER2 status"
event_label = "HER2-low"
nonevent_label = "HER2-zero"

[split]
by = "random"
test_fraction = 0.3

[regions]
widths_mm = [3.0, 5.0, 8.0]

[clinical]
keep = "multivariable"  # as such studies do; by default every variable stays, which is safer

[[clinical.variables]]
name = "age"
label = "Age"
unit = "years"

[[clinical.variables]]
name = "menopause"
label = "Menopausal status"
levels = ["pre", "post"]

[[clinical.variables]]
name = "size_mm"
label = "Largest diameter"
unit = "mm"

[[clinical.variables]]
name = "birads"
label = "BI-RADS category"
levels = ["4A", "4B", "4C", "5"]

[[clinical.variables]]
name = "margin"
label = "Margin"
levels = ["circumscribed", "indistinct", "angular", "spiculated"]

[[clinical.variables]]
name = "posterior"
label = "Posterior features"
levels = ["none", "enhancement", "shadowing"]

[[clinical.variables]]
name = "ki67"
label = "Ki-67"
unit = "%"

[[clinical.variables]]
name = "er"
label = "Oestrogen receptor"
levels = ["negative", "positive"]

[[clinical.variables]]
name = "pr"
label = "Progesterone receptor"
levels = ["negative", "positive"]

[[clinical.variables]]
name = "nodal"
label = "Axillary nodes"
levels = ["negative", "positive"]

[[clinical.variables]]
name = "grade"
label = "Histological grade"
levels = ["1", "2", "3"]
"""
