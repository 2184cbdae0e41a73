"""Blobs: the same bytes are kept once."""

from __future__ import annotations

from hashlib import sha256

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn import files
from elearn.database import db, transaction
from elearn.errors import NotFound

CONTENT = b"isi berkas"
DIGEST = sha256(CONTENT).hexdigest()


def test_a_file_is_kept_once_and_never_changed(app: Flask) -> None:
    with transaction():
        files.store(DIGEST, "text/plain", CONTENT)
        files.store(DIGEST, "image/png", b"lain")
    assert files.load(DIGEST) == files.File("text/plain", CONTENT)
    assert db.session.scalar(select(func.count()).select_from(files.Blob)) == 1


def test_an_unknown_file_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound):
        files.load("0" * 64)


def test_nothing_is_stored_outside_a_transaction(app: Flask) -> None:
    with pytest.raises(RuntimeError):
        files.store(DIGEST, "text/plain", CONTENT)
    with pytest.raises(NotFound):
        files.load(DIGEST)
