"""What is set outside the product, by the environment: shown to read only, never a secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


class Origin(StrEnum):
    """Where a value comes from."""

    ENVIRONMENT = "environment"
    DEFAULT = "default"


@dataclass(frozen=True)
class Variable:
    """A name the product reads from the environment, and what it means.

    The value of one that is ``secret`` is never shown, only whether it is there.
    """

    name: str
    label: Any
    default: Any = ""
    secret: bool = False


@dataclass(frozen=True)
class Found:
    """A variable as it stands; ``shown`` is empty for one that is not set, or that is secret."""

    variable: Variable
    shown: str
    origin: Origin


VARIABLES = (
    Variable("ELEARN_DATABASE", _l("Basis data"), _l("berkas SQLite di instance/")),
    Variable("ELEARN_URL", _l("Alamat publik"), "http://127.0.0.1:8000"),
    Variable("ELEARN_KEYS", _l("Folder kunci penanda tangan"), "instance/keys"),
    Variable(
        "ELEARN_SECRET_KEY", _l("Kunci kuki dan token"), _l("berkas instance/secret_key"), True
    ),
    Variable("ELEARN_TRUSTED_PROXIES", _l("Proksi tepercaya di depan"), "0"),
    Variable("ELEARN_ENV", _l("Cara berjalan"), _l("produksi")),
    Variable("ELEARN_PASSWORD_SIGN_IN", _l("Masuk dengan kata sandi"), "on"),
    Variable("ELEARN_OIDC_ISSUER", _l("Akun instansi: penerbit"), _l("tidak dipakai")),
    Variable("ELEARN_OIDC_CLIENT_ID", _l("Akun instansi: nama aplikasi ini")),
    Variable("ELEARN_OIDC_CLIENT_SECRET", _l("Akun instansi: rahasia aplikasi ini"), "", True),
    Variable("ELEARN_OIDC_NIP_CLAIM", _l("Akun instansi: klaim yang memuat NIP"), "nip"),
    Variable("ELEARN_OIDC_SCOPE", _l("Akun instansi: cakupan"), "openid"),
    Variable("ELEARN_OIDC_TRUSTED_FACTORS", _l("Akun instansi: langkah kedua yang dipercaya")),
)
ADDRESSES = frozenset({"ELEARN_DATABASE"})


def found(environment: Mapping[str, str]) -> list[Found]:
    """Each variable as it stands in an environment."""
    return [_found(variable, environment.get(variable.name, "")) for variable in VARIABLES]


def _found(variable: Variable, value: str) -> Found:
    if not value:
        return Found(variable, "", Origin.DEFAULT)
    return Found(
        variable, "" if variable.secret else _shown(variable.name, value), Origin.ENVIRONMENT
    )


def _shown(name: str, value: str) -> str:
    """The value; of an address neither a password nor its options, which may hold one."""
    if name not in ADDRESSES:
        return value
    try:
        url = make_url(value)
    except ArgumentError:
        return "?"
    return url.set(query={}, password="***" if url.password else None).render_as_string()
