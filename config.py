"""Settings from the environment (names begin with ELEARN_), for wsgi.py and tests only."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent
INSTANCE = ROOT / "instance"
MIN_SECRET_LENGTH = 32


@dataclass(frozen=True)
class Config:
    """What the application is told from outside.

    ``database`` is an SQLAlchemy address; ``url`` the public address without a trailing slash;
    ``trusted_proxies`` how many proxies in front may name the client's address; ``keys`` the folder
    of the signing keys.
    """

    database: str
    secret_key: str
    url: str
    trusted_proxies: int = 0
    development: bool = False
    testing: bool = False
    keys: Path = INSTANCE / "keys"


def from_environment() -> Config:
    """Read ELEARN_DATABASE, _SECRET_KEY, _URL, _TRUSTED_PROXIES, _ENV and _KEYS."""
    INSTANCE.mkdir(exist_ok=True)
    return Config(
        database=os.environ.get("ELEARN_DATABASE", f"sqlite:///{INSTANCE / 'elearn.db'}"),
        secret_key=os.environ.get("ELEARN_SECRET_KEY") or _instance_secret(),
        url=os.environ.get("ELEARN_URL", "http://127.0.0.1:8000").rstrip("/"),
        trusted_proxies=int(os.environ.get("ELEARN_TRUSTED_PROXIES", "0")),
        development=os.environ.get("ELEARN_ENV") == "development",
        keys=Path(os.environ.get("ELEARN_KEYS") or INSTANCE / "keys"),
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
