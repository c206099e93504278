"""Features that may differ from PyRadiomics 3.1.0 by more than 1e-6, each with its reason.

Key: (case, setting, region, feature). The oracle test reads this and nothing else, and fails when an entry is no
longer needed. It is empty: there are none.
"""

from __future__ import annotations

EXCEPTIONS: dict[tuple[str, str, str, str], str] = {}
