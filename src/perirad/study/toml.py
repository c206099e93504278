"""Settings as TOML text, defaults included: what a report prints and a reader can run again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perirad.study.settings import StudySettings

__all__ = ["toml_of", "toml_text"]

_OF_TABLES = ("source", "table", "columns", "groups")
"""What `[features]` says of features that are not measured in images."""


def toml_text(settings: StudySettings) -> str:
    """TOML of all settings in force; what is unset (None) is left out, as TOML has no word for it.

    Where features do not come from images, what says how they are measured is in force nowhere, and is left out.
    """
    content = settings.model_dump(mode="json")
    if not settings.features.of_images:
        content = {name: part for name, part in content.items() if name not in ("regions", "calibration")}
        content["features"] = {name: content["features"][name] for name in _OF_TABLES}
    return toml_of(content)


def toml_of(content: Mapping[str, Any]) -> str:
    """Nested mappings as TOML text; a list of mappings becomes an array of tables, None is left out."""
    return "\n".join(_table((), content)).strip() + "\n"


def _table(path: tuple[str, ...], content: Mapping[str, Any]) -> list[str]:
    nested = {key: value for key, value in content.items() if isinstance(value, dict)}
    lists = {key: value for key, value in content.items() if _is_table_list(value)}
    plain = {k: v for k, v in content.items() if k not in nested and k not in lists and v is not None}
    lines = ["", f"[{'.'.join(path)}]"] if path and (plain or not (nested or lists)) else []
    lines += [f"{key} = {_value(value)}" for key, value in plain.items()]
    for key, items in lists.items():
        for item in items:
            lines += ["", f"[[{'.'.join((*path, key))}]]"]
            lines += [f"{name} = {_value(value)}" for name, value in item.items() if value is not None]
    for key, value in nested.items():
        lines += _table((*path, key), value)
    return lines


def _is_table_list(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    # A JSON string is a TOML basic string, but for DEL, which TOML wants escaped.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
