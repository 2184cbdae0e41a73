"""The public addresses of what a badge names: they stand in signed text and never change."""

from __future__ import annotations

from elearn.public_url import public_url

ISSUER = "/badges/issuer"
STATUS = "/badges/status"
COMPETENCIES = "/badges/competencies/"
KEYS = "/keys"


def issuer() -> str:
    """The id of the issuer, at which its profile is."""
    return public_url(ISSUER)


def kid(key_id: str) -> str:
    """The name of a key, at which it is as a JSON Web Key."""
    return public_url(f"{KEYS}/{key_id}.json")


def status_list(number: int) -> str:
    """A status list, counted from 0."""
    return public_url(f"{STATUS}/{number}")
