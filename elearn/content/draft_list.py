"""The working copies a person may change, each with the paths of its files."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from sqlalchemy import select

from elearn.content import drafts
from elearn.content.draft_models import DraftFile
from elearn.database import db


class DraftTree(NamedTuple):
    """A working copy by the address and title of its course, and its files by path."""

    slug: str
    title: str
    paths: list[str]


def authored_by(person_id: int) -> list[DraftTree]:
    """The working copies of a person's courses that hold files, by title; two statements."""
    found = drafts.all_authored(person_id)
    paths: dict[int, list[str]] = defaultdict(list)
    wanted = select(DraftFile.course_id, DraftFile.path).where(
        DraftFile.course_id.in_([draft.course_id for draft in found]), DraftFile.digest != ""
    )
    for row in db.session.execute(wanted.order_by(DraftFile.path)):
        paths[row.course_id].append(row.path)
    return [
        DraftTree(draft.slug, draft.title, paths[draft.course_id])
        for draft in found
        if draft.course_id in paths
    ]
