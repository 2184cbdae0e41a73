"""Is a PDF, byte for byte, one that was issued here? An edited one is told from it."""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from elearn.competency import certificates
from elearn.competency.certificates import Paper, State
from elearn.competency.issuing import ALPHABET
from elearn.competency.signed_copies import PDF_START
from elearn.errors import Invalid, NotFound

MOST_BYTES = 5_000_000
MOST_CODES = 5
_GROUP = f"[{ALPHABET}]{{5}}"
# The code as our PDFs carry it in what they say of themselves.
_CODE = re.compile(rf"(?<![a-z0-9-]){_GROUP}(?:-{_GROUP}){{3}}(?![a-z0-9-])".encode())


class Found(NamedTuple):
    """``word`` says what it is; the NIP is masked.

    "issued" and "signed" are what counts now, "replaced" counted before it was signed, "unsigned"
    does not count yet or ever, "revoked", "expired" and "renewed" no longer; "changed" names a
    certificate of ours, "unknown" none.
    """

    word: str
    paper: Paper | None = None


def of(content: bytes) -> Found:
    """What a file is. Raises Invalid("no_pdf", "pdf") for what is no PDF."""
    if not content.startswith(PDF_START):
        raise Invalid("no_pdf", "pdf")
    found = certificates.of_file(hashlib.sha256(content).hexdigest())
    if found is None:
        return _named(content)
    if found.paper.state is State.REVOKED:
        return Found("revoked", found.paper)
    if found.paper.state in (State.EXPIRED, State.RENEWED):
        return Found(found.paper.state, found.paper)
    if found.is_signed:
        return Found("signed", found.paper)
    return Found(_ours(found.paper), found.paper)


def _ours(paper: Paper) -> str:
    if paper.fields.get("needs_signature"):
        return "unsigned"
    return "replaced" if paper.signed_digest else "issued"


def codes_in(content: bytes) -> list[str]:
    """The ids of certificates that a file names, each once; at most a few."""
    named = dict.fromkeys(code.decode().replace("-", "") for code in _CODE.findall(content))
    return list(named)[:MOST_CODES]


def _named(content: bytes) -> Found:
    for id_ in codes_in(content):
        try:
            return Found("changed", certificates.public(id_))
        except NotFound:
            continue
    return Found("unknown")
