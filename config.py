"""Settings from the environment (names begin with ELEARN_), for wsgi.py and tests only."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from elearn.sign_on.provider_settings import ProviderSettings

ROOT = Path(__file__).resolve().parent
INSTANCE = ROOT / "instance"
MIN_SECRET_LENGTH = 32


@dataclass(frozen=True)
class Config:
    """What the application is told from outside.

    ``database`` is an SQLAlchemy address; ``url`` the public address without a trailing slash;
    ``trusted_proxies`` how many proxies in front may name the client's address; ``keys`` the folder
    of the signing keys; ``oidc`` the agency's sign-on, if there is one, beside which
    ``password_sign_in`` may be off.
    """

    database: str
    secret_key: str
    url: str
    trusted_proxies: int = 0
    development: bool = False
    testing: bool = False
    keys: Path = INSTANCE / "keys"
    oidc: ProviderSettings | None = None
    password_sign_in: bool = True

    def __post_init__(self) -> None:
        if not (self.password_sign_in or self.oidc):
            raise ValueError(
                "ELEARN_PASSWORD_SIGN_IN=off needs the agency's sign-on (ELEARN_OIDC_)"
            )


def from_environment() -> Config:
    """Read ELEARN_DATABASE, _SECRET_KEY, _URL, _TRUSTED_PROXIES, _ENV, _KEYS, _PASSWORD_SIGN_IN
    and those of the agency's sign-on; raises ValueError for what cannot work.
    """
    INSTANCE.mkdir(exist_ok=True)
    return Config(
        database=os.environ.get("ELEARN_DATABASE", f"sqlite:///{INSTANCE / 'elearn.db'}"),
        secret_key=os.environ.get("ELEARN_SECRET_KEY") or _instance_secret(),
        url=os.environ.get("ELEARN_URL", "http://127.0.0.1:8000").rstrip("/"),
        trusted_proxies=int(os.environ.get("ELEARN_TRUSTED_PROXIES", "0")),
        development=os.environ.get("ELEARN_ENV") == "development",
        keys=Path(os.environ.get("ELEARN_KEYS") or INSTANCE / "keys"),
        oidc=oidc_of(os.environ),
        password_sign_in=os.environ.get("ELEARN_PASSWORD_SIGN_IN", "on") != "off",
    )


def oidc_of(environment: Mapping[str, str]) -> ProviderSettings | None:
    """The agency's sign-on: ELEARN_OIDC_ISSUER, _CLIENT_ID, _CLIENT_SECRET, _NIP_CLAIM, _SCOPE
    and _TRUSTED_FACTORS; None without an issuer.
    """
    told = {
        name.removeprefix("ELEARN_OIDC_"): value.strip()
        for name, value in environment.items()
        if name.startswith("ELEARN_OIDC_")
    }
    if not told.get("ISSUER"):
        return None
    return ProviderSettings(
        issuer=told["ISSUER"],
        client_id=told.get("CLIENT_ID", ""),
        client_secret=told.get("CLIENT_SECRET", ""),
        nip_claim=told.get("NIP_CLAIM", "nip"),
        scope=told.get("SCOPE", "openid"),
        trusted_factors=frozenset(told.get("TRUSTED_FACTORS", "").split()),
    )


def _instance_secret() -> str:
    """The key the demo made under instance/; empty when there is none."""
    path = INSTANCE / "secret_key"
    return path.read_text().strip() if path.exists() else ""


def make_instance_secret() -> None:
    """Make a strong key under instance/, readable by its owner only, unless there is one."""
    INSTANCE.mkdir(exist_ok=True)
    path = INSTANCE / "secret_key"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(MIN_SECRET_LENGTH))
