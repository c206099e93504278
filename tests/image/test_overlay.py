from __future__ import annotations

from perirad.simulate.bmode import *  # noqa: F403
