"""The titles of what evidence and hours came from, as far as this slice has them."""

from __future__ import annotations

import json

from sqlalchemy import select

from elearn.competency.events import Source
from elearn.competency.models import Certificate
from elearn.competency.outside_models import OutsideLearning
from elearn.database import db

OUTSIDE = "outside"


def titles_of(person_id: int) -> dict[Source, str]:
    """Titles by source: from the certificates of the person and their learning elsewhere."""
    columns = (Certificate.source_kind, Certificate.source_id, Certificate.frozen)
    certified = db.session.execute(select(*columns).where(Certificate.person_id == person_id))
    titles = {Source(kind, id_): json.loads(frozen)["title"] for kind, id_, frozen in certified}
    elsewhere = select(OutsideLearning.id, OutsideLearning.title)
    found = db.session.execute(elsewhere.where(OutsideLearning.person_id == person_id))
    return titles | {Source(OUTSIDE, str(id_)): title for id_, title in found}
