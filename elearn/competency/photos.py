"""The photo of a person for their certificates: sent by them, made anew, frozen at issue."""

from __future__ import annotations

import hashlib

from sqlalchemy import delete

from elearn import clock, files, pictures
from elearn.competency.models import CertificatePhoto
from elearn.database import db
from elearn.files import File

MOST_BYTES = 60_000  # so that the PDF stays small
MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg"}


def made_anew(content: bytes) -> pictures.Picture:
    """The photo upright, small and without metadata; outside any transaction.

    Raises Invalid("not_a_picture" or "too_many_pixels", "picture").
    """
    return pictures.clean(content, MOST_BYTES)


def keep(person_id: int, picture: pictures.Picture) -> None:
    """Let a photo be the one for certificates from now on; those issued keep theirs."""
    forget(person_id)
    row = CertificatePhoto(
        person_id=person_id,
        media_type=MEDIA_TYPES[picture.ending],
        content=picture.content,
        sent_ms=clock.now_ms(),
    )
    db.session.add(row)
    db.session.flush()


def forget(person_id: int) -> None:
    """Take the photo away; certificates that were issued keep theirs."""
    db.session.execute(delete(CertificatePhoto).where(CertificatePhoto.person_id == person_id))


def of(person_id: int) -> File | None:
    """The photo of a person, if there is one."""
    row = db.session.get(CertificatePhoto, person_id)
    return File(row.media_type, row.content) if row else None


def freeze(person_id: int) -> str:
    """Keep the photo as it is now for a certificate; its SHA-256, empty without one."""
    photo = of(person_id)
    if photo is None:
        return ""
    digest = hashlib.sha256(photo.content).hexdigest()
    files.store(digest, photo.media_type, photo.content)
    return digest
