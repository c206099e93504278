"""The small study that was run, as the workbench's tests have it."""

from tests.workbench.conftest import ran

__all__ = ["ran"]
