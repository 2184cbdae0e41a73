"""The mark of an essay is corrected, and what follows from it for the learner.

Never worse for the learner, as in a regrade: a lower mark is kept and shown with its reason, and
takes nothing from a result that stands.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from sqlalchemy.orm import Session

from elearn import clock
from elearn.content import catalogue
from elearn.errors import Conflict, Invalid
from elearn.journal.chain import canonical
from elearn.learning import (
    attempts,
    grading,
    marking,
    mends,
    quizzes,
    reasons,
    record,
    rubric,
    study,
)
from elearn.learning.events import MarkCorrected, client_id
from elearn.learning.grading import Result
from elearn.learning.marked import MarkedEssay
from elearn.learning.models import Attempt, EssayMark, MarkCorrection
from elearn.learning.record import Happening
from elearn.learning.rubric import Mark
from elearn.people import audit, notices

CORRECTED = "mark:corrected"  # the action in the audit log


class Wanted(NamedTuple):
    """The mark that is to stand, why, and the revision of the one it was shown against."""

    mark: Mark
    reason: str
    revision: int


def correct(session: Session, instructor_id: int, page: MarkedEssay, wanted: Wanted) -> None:
    """Let another mark stand, with all that follows for the learner, who is told why.

    Raises Invalid as ``rubric.check`` and ``reasons.checked`` do, Invalid("unchanged", "points"),
    and Conflict("corrected") when the mark is no longer the one that was shown.
    """
    rubric.check(page.key, wanted.mark)
    wanted = wanted._replace(reason=reasons.checked(wanted.reason))
    attempt = quizzes.lock(session, page.essay.attempt_id)
    row = session.get_one(EssayMark, (attempt.id, page.essay.position), populate_existing=True)
    if row.revision != wanted.revision:
        raise Conflict("corrected")
    if marking.mark_of(row) == wanted.mark:
        raise Invalid("unchanged", "points")
    before_tenths, had_passed = attempt.score_tenths, bool(attempt.passed)
    _recount(attempt, row.position, rubric.hundredths(page.key, wanted.mark))
    correction = _correction(row, wanted, instructor_id)
    correction.before_tenths, correction.after_tenths = before_tenths, attempt.score_tenths
    _replace(row, correction)
    session.add(correction)
    session.flush()
    _tell_journal(session, attempt, correction, had_passed)
    _tell(attempt, correction)


def _recount(attempt: Attempt, position: int, hundredths: int) -> None:
    """What the attempt comes to; once it has a score, neither that nor a question falls."""
    points = json.loads(attempt.points)
    if attempt.score_tenths is None:
        points[position] = hundredths
        attempt.points = canonical(points)
        return
    was = Result(tuple(points), attempt.score_tenths, bool(attempt.passed))
    points[position] = max(points[position], hundredths)
    now = mends.not_worse(was, _counted(attempt, tuple(points)))
    attempt.points = canonical(points)
    attempt.score_tenths, attempt.passed = now.score_tenths, now.passed


def _counted(attempt: Attempt, points: tuple[int, ...]) -> Result:
    digests = [drawn.digest for drawn in attempts.drawn_of(attempt)]
    mended = mends.of_version(attempt.version_id, digests)
    weights = [mends.asked_as(mended, q).points for q in catalogue.questions(digests)]
    return grading.result_of(weights, points, attempt.pass_percent)


def _correction(row: EssayMark, wanted: Wanted, instructor_id: int) -> MarkCorrection:
    return MarkCorrection(
        attempt_id=row.attempt_id,
        position=row.position,
        revision=row.revision + 1,
        before_points=row.points,
        after_points=canonical(list(wanted.mark.points)),
        before_comment=row.comment,
        after_comment=wanted.mark.comment,
        reason=wanted.reason,
        corrected_by=instructor_id,
        corrected_ms=clock.now_ms(),
    )


def _replace(row: EssayMark, correction: MarkCorrection) -> None:
    row.points, row.comment = correction.after_points, correction.after_comment
    row.revision = correction.revision
    row.marked_by, row.marked_ms = correction.corrected_by, correction.corrected_ms


def _tell_journal(
    session: Session, attempt: Attempt, correction: MarkCorrection, had_passed: bool
) -> None:
    """The event; where the attempt passes now, what a pass finishes and completes."""
    key = quizzes.key_of(session, attempt.enrolment_id)
    unique = client_id("mark", attempt.id, correction.position, correction.revision)
    now_ms = correction.corrected_ms
    happening = Happening(unique, _event(attempt, correction), now_ms)
    after = record.append(session, key, [happening]).progress
    if attempt.passed and not had_passed:
        done = quizzes.lessons_done(key, attempt, after, now_ms)
        study.append_and_complete(session, key, done, now_ms)


def _event(attempt: Attempt, correction: MarkCorrection) -> MarkCorrected:
    mark = Mark(tuple(json.loads(correction.after_points)), correction.after_comment)
    return MarkCorrected(
        enrolment=attempt.enrolment_id,
        attempt=attempt.id,
        quiz=attempt.quiz_key,
        number=attempt.number,
        position=correction.position,
        revision=correction.revision,
        points=list(mark.points),
        comment=mark.comment_digest,
        hundredths=json.loads(attempt.points),
        score_tenths=attempt.score_tenths,
        passed=bool(attempt.passed),
        corrected_by=correction.corrected_by,
        reason=reasons.digest_of(correction.reason),
    )


def _tell(attempt: Attempt, correction: MarkCorrection) -> None:
    """The learner is told why, and so is the audit log."""
    outline = catalogue.outline(attempt.version_id)
    title = outline.quiz(attempt.quiz_key).title
    notices.notify(
        attempt.person_id,
        notices.NoticeKind.MARK_CORRECTED,
        f"mark:{attempt.id}:{correction.position}:{correction.revision}",
        title=title,
        attempt=attempt.id,
        score=attempt.score_tenths,
        reason=correction.reason,
    )
    audit.record(
        correction.corrected_by,
        CORRECTED,
        attempt.person_id,
        course=outline.slug,
        quiz=title,
        before=sum(json.loads(correction.before_points)),
        after=sum(json.loads(correction.after_points)),
        reason=correction.reason,
    )
