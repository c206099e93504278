"""Studies of the public tables, from CSV alone; the tables are not ours to copy, so they are read where they are."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

__all__ = ["TABLES", "write_table_study"]

_END = '\n[score]\nfolds = 3\nrepeats = 1\n[validation]\nbootstrap = 0\n[report]\nformats = ["svg"]\n'

TABLES = {
    "fae_example_radiomics": """
[outcome]
column = "label"
[columns]
case_id = "case"
[features]
source = "table"
columns = ["*_original_*"]
[features.groups]
ADC = ["ADC_*"]
DWI = ["DWI_*"]
T2 = ["T2_*"]
""",
    "lgg_idh_radiomics": """
[outcome]
column = "IDH-binary"
label = "IDH mutation"
event_label = "mutant"
nonevent_label = "wild type"
[columns]
case_id = "PatientID"
[features]
source = "table"
""",
    "tcga_brca_her2_clinical": """
[outcome]
column = "her2_class"
event = ["low"]
nonevent = ["zero"]
excluded = ["positive", "undetermined"]
label = "HER2 status"
event_label = "HER2-low"
nonevent_label = "HER2-zero"
[columns]
case_id = "bcr_patient_barcode"
centre = "tissue_source_site"
[features]
source = "none"
[clinical]
missing_words = ["", "[Not Available]", "[Not Evaluated]", "Indeterminate"]
[[clinical.variables]]
name = "age_at_diagnosis"
label = "Age"
unit = "years"
knots = 3
[[clinical.variables]]
name = "er_status_by_ihc"
label = "Oestrogen receptor"
levels = ["Negative", "Positive"]
[[clinical.variables]]
name = "pr_status_by_ihc"
label = "Progesterone receptor"
levels = ["Negative", "Positive"]
""",
    "MASS_Pima": """
[outcome]
column = "type"
event = ["Yes"]
nonevent = ["No"]
label = "Diabetes"
event_label = "diabetes"
nonevent_label = "no diabetes"
[columns]
case_id = "#"
[split]
by = "cohort"
[features]
source = "none"
[[clinical.variables]]
name = "glu"
label = "Glucose"
[[clinical.variables]]
name = "bmi"
label = "Body mass index"
knots = 4
[[clinical.variables]]
name = "age"
label = "Age"
unit = "years"
[[clinical.variables]]
name = "ped"
label = "Pedigree"
""",
    "MASS_birthwt": """
[outcome]
column = "low"
label = "Birth weight"
event_label = "low"
nonevent_label = "normal"
[columns]
case_id = "#"
[features]
source = "none"
[[clinical.variables]]
name = "age"
label = "Age of the mother"
unit = "years"
[[clinical.variables]]
name = "lwt"
label = "Weight of the mother"
unit = "lb"
[[clinical.variables]]
name = "race"
label = "Race"
levels = [1, 2, 3]
[[clinical.variables]]
name = "smoke"
label = "Smoking"
levels = [0, 1]
[[clinical.variables]]
name = "ht"
label = "Hypertension"
levels = [0, 1]
""",
}


def write_table_study(folder: Path, source: Path, name: str) -> Path:
    """Write `study.toml` and the table `name` (of Pima: both halves, as train and test); returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    if name == "MASS_Pima":
        parts = [pd.read_csv(source / f"{name}_{part}.csv") for part in ("tr", "te")]
        frame = pd.concat([part.assign(cohort=cohort) for part, cohort in zip(parts, ("train", "test"), strict=True)])
    else:
        frame = pd.read_csv(source / f"{name}.csv")
    frame.to_csv(folder / "cases.csv", index=False)
    (folder / "study.toml").write_text(f'title = "{name}"\n{TABLES[name]}{_END}', encoding="utf-8")
    return folder
