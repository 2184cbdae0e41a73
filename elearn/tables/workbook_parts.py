"""The small parts of a workbook: its sheets, its shared texts, which styles are days. Pure."""

from __future__ import annotations

import re

from elearn.tables.cells import Fault, Unreadable
from elearn.tables.sheet_parser import MAX_CELL_TEXT, XmlParser, local

MAX_TEXTS = 3_000_000
MAX_TEXT_SIZE = 100_000_000
# ECMA-376 part 1, 18.8.30: the built-in formats that show a day.
DAY_FORMATS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
HIDDEN = frozenset({"hidden", "veryHidden"})
TRUE = frozenset({"1", "true"})


class SheetNames(XmlParser):
    """``found``: name, relation and whether it is hidden, of each sheet in order."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, bool]] = []
        self.is_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) == "sheet":
            key = next((attributes[a] for a in attributes if local(a) == "id" and ":" in a), "")
            hidden = attributes.get("state") in HIDDEN
            self.found.append((attributes.get("name", ""), key, hidden))
        elif local(name) == "workbookPr":
            self.is_1904 = attributes.get("date1904") in TRUE


class Targets(XmlParser):
    """Where the parts lie, by relation."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) == "Relationship":
            self.found[attributes.get("Id", "")] = attributes.get("Target", "")


class StyleDates(XmlParser):
    """``styles``: the cell formats, by number as text, that show a day."""

    def __init__(self) -> None:
        super().__init__()
        self._days: set[str] = {str(number) for number in DAY_FORMATS}
        self._at = -1
        self._within = False
        self._styles: set[str] = set()

    @property
    def styles(self) -> frozenset[str]:
        return frozenset(self._styles)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match local(name):
            case "numFmt" if _shows_day(attributes.get("formatCode", "")):
                self._days.add(attributes.get("numFmtId", ""))
            case "cellXfs":
                self._within = True
            case "xf" if self._within:
                self._at += 1
                if attributes.get("numFmtId", "") in self._days:
                    self._styles.add(str(self._at))

    def close(self, name: str) -> None:
        if local(name) == "cellXfs":
            self._within = False


def _shows_day(code: str) -> bool:
    plain = QUOTED.sub("", code.split(";")[0]).lower()
    return any(letter in plain for letter in "dy") and "0" not in plain


class Texts(XmlParser):
    """The shared texts in order; reading aids beside them are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._held: list[str] = []
        self._within = False
        self._aside = 0
        self._size = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002  # as they come
        match local(name):
            case "si":
                self._held = []
            case "rPh":
                self._aside += 1
            case "t":
                self._within = not self._aside

    def text(self, text: str) -> None:
        if self._within:
            self._held.append(text)

    def close(self, name: str) -> None:
        match local(name):
            case "t":
                self._within = False
            case "rPh":
                self._aside -= 1
            case "si":
                self._keep("".join(self._held)[:MAX_CELL_TEXT])

    def _keep(self, text: str) -> None:
        self._size += len(text)
        if self._size > MAX_TEXT_SIZE or len(self.found) >= MAX_TEXTS:
            raise Unreadable(Fault.LARGE)
        self.found.append(text)
