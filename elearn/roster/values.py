"""What a cell means: number, name, status, grade, day. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from elearn.people import grades, nip
from elearn.people.nip import Nip, NipError
from elearn.people.statuses import Status
from elearn.roster.problems import Refused
from elearn.tables.cells import Cell

DAYS = ("%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d %m %Y")
MONTHS = (
    "januari",
    "februari",
    "maret",
    "april",
    "mei",
    "juni",
    "juli",
    "agustus",
    "september",
    "oktober",
    "november",
    "desember",
)
ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})
STATUSES = {
    "pns": Status.PNS,
    "p": Status.PNS,
    "pegawainegerisipil": Status.PNS,
    "cpns": Status.CPNS,
    "c": Status.CPNS,
    "calonpns": Status.CPNS,
    "pppk": Status.PPPK,
    "p3k": Status.PPPK,
    "pppkpenuhwaktu": Status.PPPK,
    "pppkparuhwaktu": Status.PPPK_PART_TIME,
    "pppkpw": Status.PPPK_PART_TIME,
    "p3kparuhwaktu": Status.PPPK_PART_TIME,
    "pppk_pw": Status.PPPK_PART_TIME,
}
GONE = (
    "pensiun",
    "berhenti",
    "diberhentikan",
    "pemberhentian",
    "meninggal",
    "wafat",
    "mengundurkan",
)
PNS_GRADE = re.compile(r"\b(IV|I{1,3}|[1-4])\s*[/.\- ]?\s*([A-Ea-e])\b")
PPPK_GRADE = re.compile(r"(?:GOLONGAN|GOL\.?)?\s*([IVX]+|\d{1,2})", re.IGNORECASE)
SMALL = frozenset(
    {"dan", "atau", "di", "ke", "dari", "untuk", "pada", "dengan", "yang", "bin", "binti"}
)
ACRONYMS = frozenset(
    [
        "RSUD",
        "UPTD",
        "UPT",
        "SD",
        "SDN",
        "SMP",
        "SMPN",
        "SMA",
        "SMAN",
        "SMK",
        "SMKN",
        "TK",
        "KB",
        "BKD",
        "BPSDM",
        "BKPSDM",
        "DPRD",
        "PUPR",
        "PPPK",
        "PNS",
        "ASN",
        "IT",
        "TI",
        "KIA",
        "BPBD",
        "RT",
        "RW",
        "BLUD",
        "OPD",
        "SPM",
        "KUA",
        "PAUD",
        "SLB",
        "DPMPTSP",
        "DPMD",
        "BAPPEDA",
    ]
)
ROMAN = re.compile(r"[IVX]+")
BEFORE = frozenset(
    {"dr", "drs", "dra", "ir", "h", "hj", "prof", "drg", "drh", "apt", "ns", "kh", "tgk", "r"}
)


def text(cell: Cell, longest: int = 200) -> str:
    """A cell as one line of text. Raises Refused."""
    if isinstance(cell, float):
        return f"{cell:.15g}"
    line = " ".join(unicodedata.normalize("NFC", str(cell)).split())
    line = "".join(letter for letter in line if letter.isprintable())
    if line in ERRORS:
        raise Refused("cell_error", line)
    if len(line) > longest:
        raise Refused("too_long", str(longest))
    return line


def number(cell: Cell, today: date) -> Nip:
    """A NIP. A number that went through arithmetic has lost its last digits. Raises Refused."""
    if not isinstance(cell, str):
        raise Refused("nip_spreadsheet")
    try:
        return nip.parse(text(cell).lstrip("'`"), today)
    except NipError as problem:
        raise Refused(f"nip_{problem.reason.value}") from problem


def status(cell: Cell) -> Status:
    """An employment status. Raises Refused."""
    found = STATUSES.get(re.sub(r"[^a-z0-9_]", "", text(cell).lower()))
    if found is None:
        raise Refused("status_unknown")
    return found


def grade(cell: Cell, status: Status | None) -> str:
    """A golongan, also where the rank stands around it. Raises Refused."""
    line = text(cell)
    found = _pns_grade(line) or _pppk_grade(line)
    if not found:
        raise Refused("grade_unknown")
    if status is not None and not grades.fits(status, found):
        raise Refused("grade_differs", found)
    return found


def _pns_grade(line: str) -> str:
    found = PNS_GRADE.findall(line)
    if not found:
        return ""
    level, room = found[-1]
    roman = {"1": "I", "2": "II", "3": "III", "4": "IV"}.get(level, level)
    made = f"{roman}/{room.lower()}"
    return made if made in grades.PNS_GRADES else ""


def _pppk_grade(line: str) -> str:
    found = PPPK_GRADE.fullmatch(line.strip())
    if not found:
        return ""
    word = found[1].upper()
    if word.isdigit():
        at = int(word)
        return grades.PPPK_GRADES[at - 1] if 1 <= at <= len(grades.PPPK_GRADES) else ""
    return word if word in grades.PPPK_GRADES else ""


def day(cell: Cell) -> date:
    """A day, as a date or as people write one. Raises Refused."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float | bool):
        raise Refused("day_is_number")
    line = text(cell).lower()
    for at, month in enumerate(MONTHS, 1):
        line = line.replace(month, str(at))
    for pattern in DAYS:
        try:
            return datetime.strptime(line, pattern).date()  # noqa: DTZ007  # a day
        except ValueError:
            continue
    raise Refused("day_unreadable")


def is_gone(standing: str) -> bool:
    """Whether a standing of SIASN says that somebody no longer works here."""
    return standing.lower().startswith(GONE)


def readable(line: str) -> str:
    """Capitals throughout become a name as people write it; anything else stays."""
    if not line.isupper() or len(line) < len("ABC"):
        return line
    return " ".join(_word(word, at) for at, word in enumerate(line.split()))


def _word(word: str, at: int) -> str:
    bare = word.strip("().,")
    if bare in ACRONYMS or ROMAN.fullmatch(bare):
        return word
    if at and bare.lower() in SMALL:
        return word.lower()
    return re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), word)


def parted(name: str) -> tuple[str, str, str]:
    """Degrees before, name and degrees after of a name that holds them all."""
    front, _comma, after = name.partition(",")
    words = front.split()
    count = 0
    while (
        count < len(words) - 1
        and words[count].lower().rstrip(".") in BEFORE
        and "." in words[count]
    ):
        count += 1
    return " ".join(words[:count]), " ".join(words[count:]), after.strip()
