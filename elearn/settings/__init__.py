"""What the agency decides: settings that hold from a year on, and switches of whole capabilities.

A slice adds a setting by one entry in ``registry.py`` (its kind, its default, its words, who may
change it) and reads it by ``settings.value(key, year)``; nothing else is needed: the page under
*Administrasi, Pengaturan*, the history, the file of settings and ``elearn settings`` know it by
that entry. A setting whose value is of a new shape adds its kind to ``kinds.py``. A slice whose
stored figures depend on a setting keeps them true by ``settings.follow``. A capability that may be
turned off adds its entry to ``switches.py`` and marks its views with ``@access.part_of``.
"""

from elearn.settings.kinds import CONVERSION_NUMBERS, LONGEST_MONTHS, Floor, Numbering
from elearn.settings.registry import REGISTRY, Group, Known
from elearn.settings.stored import (
    LAST_YEAR,
    PACKED,
    SWITCHED_OFF,
    Setting,
    SettingChange,
    change,
    follow,
    history,
    is_on,
    known,
    of_year,
    switched_off,
    take_back,
    unpacked,
    value,
)
from elearn.settings.switches import Switch

__all__ = [
    "CONVERSION_NUMBERS",
    "LAST_YEAR",
    "LONGEST_MONTHS",
    "PACKED",
    "REGISTRY",
    "SWITCHED_OFF",
    "Floor",
    "Group",
    "Known",
    "Numbering",
    "Setting",
    "SettingChange",
    "Switch",
    "change",
    "follow",
    "history",
    "is_on",
    "known",
    "of_year",
    "switched_off",
    "take_back",
    "unpacked",
    "value",
]
