"""ComBat as the study uses it: learnt from the rows of one fit, kept with the names of its features."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from perirad.errors import InputError
from perirad.selection.combat import Combat, fit_combat
from perirad.selection.scaling import usable_columns
from perirad.table import FeatureTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perirad.study.modelling import HarmonisationSettings

__all__ = ["Harmonised", "harmonise"]


@dataclass(frozen=True)
class Harmonised:
    """Frozen estimates of ComBat for the named features."""

    columns: tuple[str, ...]
    combat: Combat

    def only(self, columns: Sequence[str]) -> Harmonised:
        """Return the estimates of some of the features."""
        place = {name: j for j, name in enumerate(self.columns)}
        return Harmonised(tuple(columns), self.combat.only(np.array([place[name] for name in columns], dtype=np.int64)))

    def apply(self, table: FeatureTable) -> FeatureTable:
        """Return a table of these features, the centres' differences taken out.

        Raises
        ------
        InputError
            Where the centre of a case is not known, or is none of those of training.
        """
        own = table.take(columns=self.columns)
        if not own.centres:
            known = ", ".join(self.combat.centres)
            mend = "say it: column centre of the table, or --centre"
            raise InputError(f"the centre must be known ({known}), as the model harmonises centres", "none", mend=mend)
        return replace(own, values=self.combat.transform(own.values, own.centres))


def harmonise(table: FeatureTable, settings: HarmonisationSettings) -> Harmonised | None:
    """Learn ComBat from some rows, for the features that are defined in all of them and vary; None unless asked for.

    Raises
    ------
    InputError
        Without centres, and as `fit_combat`.
    """
    if settings.method == "none":
        return None
    if not table.centres:
        raise InputError("ComBat needs the centre of every case", "none", mend="add a column centre to the table")
    usable = [name for name, ok in zip(table.columns, usable_columns(table.values), strict=True) if ok]
    values = table.take(columns=usable).values
    combat = fit_combat(
        values,
        table.centres,
        parametric=settings.parametric,
        mean_only=settings.mean_only,
        reference=settings.reference,
    )
    return Harmonised(tuple(usable), combat)
