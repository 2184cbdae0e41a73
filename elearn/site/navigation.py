"""The areas of the product and the places in each, by what a person may do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from flask import Flask, current_app, request
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from elearn import demo_mark
from elearn.people.permissions import Permission
from elearn.settings import Switch


@dataclass(frozen=True)
class Place:
    """One item of the navigation; pages ``within`` belong to it though their address does not."""

    label: str
    url: str
    icon: str
    needs: Permission
    current: bool = False
    within: tuple[str, ...] = ()
    switch: str = ""  # the capability it belongs to, where that can be turned off

    def covers(self, path: str) -> int:
        """How much of an address is this place's: the length of what it begins with, or 0."""
        begins = (url for url in (self.url, *self.within) if path == url or _is_below(path, url))
        return max(map(len, begins), default=0)


def _is_below(path: str, url: str) -> bool:
    return url != "/" and path.startswith(url + "/")


@dataclass(frozen=True)
class Area:
    """A part of the product: study, teach, HR, administration."""

    key: str
    label: str
    url: str
    places: tuple[Place, ...]


MOST_ON_PHONE = 5
ON_PHONE = MOST_ON_PHONE - 1  # beside the way to the others, where there are more
AREAS = (
    Area(
        "study",
        _l("Belajar"),
        "/",
        (
            Place(_l("Beranda"), "/", "home", Permission.COURSE_STUDY),
            Place(_l("Kursus"), "/courses", "courses", Permission.COURSE_STUDY),
            Place(_l("Capaian"), "/record", "record", Permission.RECORD_OWN),
            Place(_l("Pesan"), "/inbox", "bell", Permission.ACCOUNT_OWN),
            Place(_l("Akun"), "/account", "user", Permission.ACCOUNT_OWN),
        ),
    ),
    Area(
        "teach",
        _l("Mengajar"),
        "/teach",
        (
            Place(_l("Kursus saya"), "/teach", "teach", Permission.COURSE_TEACH),
            Place(
                _l("Impor soal"),
                "/teach/question_bank",
                "download",
                Permission.COURSE_TEACH,
                switch=Switch.EXCHANGE,
            ),
        ),
    ),
    Area(
        "hr",
        _l("Kepegawaian"),
        "/hr",
        (
            Place(_l("Ringkasan"), "/hr", "summary", Permission.REPORT_READ),
            Place(
                _l("Pegawai"),
                "/hr/people",
                "people",
                Permission.PERSON_READ,
                within=("/hr/contracts", "/hr/delegations", "/hr/rectifications", "/hr/levels"),
            ),
            Place(_l("Kursus wajib"), "/hr/assignments", "required", Permission.REPORT_READ),
            Place(
                _l("Kelulusan"),
                "/hr/completions",
                "passed",
                Permission.REPORT_READ,
                within=("/hr/expiring", "/hr/certificates", "/hr/outside-learning", "/hr/siasn"),
            ),
            Place(_l("Kursus"), "/hr/courses", "courses", Permission.REPORT_READ),
            Place(
                _l("Kompetensi"),
                "/hr/gaps",
                "record",
                Permission.REPORT_READ,
                within=("/hr/framework",),
            ),
            Place(_l("Unit kerja"), "/hr/units", "building", Permission.PERSON_READ),
            Place(
                _l("Pengumuman"),
                "/hr/announcements",
                "megaphone",
                Permission.REPORT_READ,
                switch=Switch.ANNOUNCEMENTS,
            ),
            Place(_l("Persetujuan"), "/hr/approvals", "approve", Permission.COURSE_APPROVE),
        ),
    ),
    Area(
        "admin",
        _l("Administrasi"),
        "/admin",
        (
            Place(_l("Ringkasan"), "/admin", "summary", Permission.ROLE_GRANT),
            Place(_l("Pegawai dan peran"), "/admin/people", "people", Permission.ROLE_GRANT),
            Place(_l("Unit kerja"), "/admin/units", "building", Permission.UNIT_CHANGE),
            Place(_l("Jejak audit"), "/admin/audit", "audit", Permission.AUDIT_READ),
            Place(
                _l("Pengaturan"),
                "/admin/settings",
                "settings",
                Permission.SETTING_READ,
                within=("/admin/environment", "/admin/settings-file", "/admin/second-factor"),
            ),
            Place(_l("Privasi"), "/admin/privacy", "lock", Permission.PRIVACY_MANAGE),
            Place(
                _l("Pengumuman"),
                "/admin/announcements",
                "megaphone",
                Permission.ROLE_GRANT,
                switch=Switch.ANNOUNCEMENTS,
            ),
            Place(_l("Kesehatan"), "/admin/health", "pulse", Permission.HEALTH_READ),
        ),
    ),
)


@dataclass(frozen=True)
class Navigation:
    """What base.html shows: the areas one may enter and the places of the present one."""

    area: str
    areas: tuple[tuple[str, str, str], ...]
    items: tuple[Place, ...]
    # The page of the places that a phone has no room for; None where it shows them all.
    more: Place | None

    @property
    def beyond(self) -> tuple[Place, ...]:
        """The places that a phone shows on a page of their own."""
        return self.items[ON_PHONE:] if self.more else ()


def area_of(path: str) -> str:
    """The area an address belongs to; the address says where one is."""
    first = path.split("/", 2)[1]
    return first if first in {"teach", "hr", "admin"} else "study"


@lru_cache(maxsize=512)
def build(
    path: str, permissions: frozenset[Permission], switched_off: frozenset[str] = frozenset()
) -> Navigation:
    """The navigation of a page for somebody with these permissions, without what is turned off."""
    here = area_of(path)
    open_areas = [area for area in AREAS if _may_enter(area, permissions)]
    places = next((area.places for area in open_areas if area.key == here), ())
    allowed = [
        place for place in places if place.needs in permissions and place.switch not in switched_off
    ]
    more = _more(here, path, allowed) if len(allowed) > MOST_ON_PHONE else None
    current = None if more and path == more.url else _current(path, allowed)
    return Navigation(
        here,
        tuple((area.key, str(area.label), _entry(area, permissions)) for area in open_areas),
        tuple(
            Place(str(place.label), place.url, place.icon, place.needs, place is current)
            for place in allowed
        ),
        more,
    )


def _more(area: str, path: str, allowed: list[Place]) -> Place:
    """The way to the places beyond those a phone shows; it is current with any of them."""
    url = f"/{area}/more"
    is_current = path == url or _current(path, allowed) in allowed[ON_PHONE:]
    return Place(str(_l("Lainnya")), url, "more", allowed[0].needs, is_current)


def _may_enter(area: Area, permissions: frozenset[Permission]) -> bool:
    return any(place.needs in permissions for place in area.places)


def _entry(area: Area, permissions: frozenset[Permission]) -> str:
    """The first place of an area that the person may enter."""
    return next((p.url for p in area.places if p.needs in permissions), area.url)


def _current(path: str, places: list[Place]) -> Place | None:
    """The place that covers most of the path."""
    nearest = max(places, key=lambda place: place.covers(path), default=None)
    return nearest if nearest and nearest.covers(path) else None


def _is_demo() -> bool:
    """Asked once an application: a database is marked when it is made."""
    held = current_app.extensions
    if "demo" not in held:
        held["demo"] = demo_mark.is_demo()
    return bool(held["demo"])


def context() -> dict[str, object]:
    """What every page of a signed-in person shows around its own content."""
    if not current_user.is_authenticated:
        return {"navigation": None, "demo": _is_demo()}
    return {
        "navigation": build(request.path, current_user.permissions, current_user.switched_off),
        "unread_count": current_user.unread_count,
        "demo": _is_demo(),
    }


def init_app(app: Flask) -> None:
    """Give base.html its navigation, the unread count and the mark of a demo."""
    app.context_processor(context)
