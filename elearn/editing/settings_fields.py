"""What a sent form of settings says. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from elearn.editing.fields import one_line
from elearn.editing.settings_forms import Typed, settings_for

Sent = Mapping[str, Sequence[str]]
MAX_PAIRS = 60
SINGLE = ("ringkasan", "kategori", "jp", "jenis", "penyelenggara", "berlaku", "bahasa", "menit")


def read(path: str, sent: Sent) -> dict[str, Typed]:
    """The settings as typed, by name; those the form of this file has."""
    return {name: READERS.get(name, _several(name))(sent) for name in settings_for(path)}


def _one(name: str) -> Callable[[Sent], Typed]:
    return lambda sent: (one_line(" ".join(sent.get(name, ()))),)


def _several(name: str) -> Callable[[Sent], Typed]:
    return lambda sent: tuple(filter(None, (one_line(word) for word in sent.get(name, ()))))


def _competencies(sent: Sent) -> Typed:
    rows = ((_first(sent, f"code-{i}"), _first(sent, f"level-{i}")) for i in range(MAX_PAIRS))
    return tuple(f"{code}:{level}" for code, level in rows if code)


def _completion(sent: Sent) -> Typed:
    """How much of the lessons, then the rules that were ticked."""
    percent = _first(sent, "materi").rstrip("% ")
    lessons = (f"materi {percent}%",) if percent else ()
    return lessons + _several("selesai")(sent)


def _pretest(sent: Sent) -> Typed:
    """How many questions are asked from each bank."""
    draws = ((name.removeprefix("uji:"), _first(sent, name)) for name in sent if name[:4] == "uji:")
    return tuple(f"{path} ambil {draw}" for path, draw in draws if draw)


def _required(sent: Sent) -> Typed:
    return ("ya" if "wajib" in sent else "tidak",)


def _old_names(sent: Sent) -> Typed:
    return tuple(filter(None, re.split(r"[\s,]+", _first(sent, "slug-lama"))))


def _first(sent: Sent, name: str) -> str:
    return one_line(next(iter(sent.get(name, ())), ""))


READERS: Mapping[str, Callable[[Sent], Typed]] = {
    **{name: _one(name) for name in SINGLE},
    "kompetensi": _competencies,
    "selesai": _completion,
    "uji-awal": _pretest,
    "wajib": _required,
    "slug-lama": _old_names,
}
