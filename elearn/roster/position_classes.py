"""The class of a position from its name and what SIASN says beside it. Pure."""

from __future__ import annotations

import re

# PP 11/2017 jo PP 17/2020: what an echelon became.
ECHELONS = {
    "I": "jpt_madya",
    "II": "jpt_pratama",
    "III": "administrator",
    "IV": "pengawas",
    "V": "pelaksana",
}
TIERS = (
    ("ahli utama", "jf_ahli_utama"),
    ("ahli madya", "jf_ahli_madya"),
    ("ahli muda", "jf_ahli_muda"),
    ("ahli pertama", "jf_ahli_pertama"),
    ("penyelia", "jf_penyelia"),
    ("pelaksana lanjutan", "jf_mahir"),
    ("mahir", "jf_mahir"),
    ("terampil", "jf_terampil"),
    ("pemula", "jf_pemula"),
)
HEADS = (
    (
        re.compile(
            r"sekretaris daerah|kepala (dinas|badan)\b|inspektur( daerah)?$|staf ahli"
            r"|asisten (i+|pemerintahan|perekonomian|administrasi)\b"
        ),
        "jpt_pratama",
    ),
    (
        re.compile(
            r"camat( |$)|sekretaris (dinas|badan|inspektorat)|kepala (bagian|bidang)\b"
            r"|inspektur pembantu"
        ),
        "administrator",
    ),
    (
        re.compile(
            r"lurah( |$)|kepala (sub ?bagian|sub ?bidang|seksi|upt)|sekretaris (camat|kecamatan)"
        ),
        "pengawas",
    ),
)
KEYS = (*dict.fromkeys(["jpt_utama", *ECHELONS.values(), *dict(TIERS).values()]),)
ECHELON = re.compile(r"\s*(IV|V|I{1,3}|[1-5])\s*[./]?\s*[AaBb1-9]?\s*")
ROMANS = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V"}


def class_of(name: str, kind: str = "", echelon: str = "", said: str = "") -> str:
    """The key of a class; empty where nothing tells it. What was said goes first."""
    folded = name.casefold()
    return _said(said) or _of_echelon(echelon) or _of_name(folded) or _of_kind(kind.casefold())


def _said(text: str) -> str:
    words = text.casefold().replace("jf ", "").split("(")[0].strip()
    if not words:
        return ""
    key = words.replace(" ", "_")
    return next((known for known in KEYS if known in {key, f"jf_{key}"}), "")


def _of_echelon(text: str) -> str:
    found = ECHELON.fullmatch(text)
    return ECHELONS[ROMANS.get(found[1], found[1])] if found else ""


def _of_name(folded: str) -> str:
    tier = next((key for words, key in TIERS if folded.endswith(words)), "")
    return tier or next((key for pattern, key in HEADS if pattern.match(folded)), "")


def _of_kind(folded: str) -> str:
    """A general functional post is a pelaksana; one of another kind needs its tier."""
    return "pelaksana" if "pelaksana" in folded or "umum" in folded else ""
