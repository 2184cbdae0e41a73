"""Store a compiled course as a version; the same content twice is one version."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from elearn import clock, files, jobs, markup
from elearn.content import course as compiled
from elearn.content import outline, search, stored
from elearn.content.models import (
    Approval,
    Course,
    CourseState,
    CourseVersion,
    QuestionVersion,
    RenderedLesson,
    VersionCompetency,
    VersionLesson,
    VersionQuiz,
)
from elearn.database import db, insert_new
from elearn.errors import Conflict, NotFound
from elearn.journal.chain import canonical
from elearn.people import holding, notices
from elearn.people.notices import NoticeKind
from elearn.people.permissions import Role

TELL_OF_VERSION = "tell_of_version"  # the kind of job that tells learners


@dataclass(frozen=True)
class Published:
    """What publishing did. ``is_open``: learners enter this version now."""

    course_id: int
    version_id: int
    number: int
    is_new: bool
    is_open: bool


def publish(course: compiled.Course, published_by: int | None) -> Published:
    """Store a version within the caller's transaction and give it out; see ``release``."""
    staged = stage(course, published_by)
    done = release(staged.version_id, published_by)
    return replace(done, is_new=staged.is_new)


@dataclass(frozen=True)
class Staged:
    """A version that is stored. ``is_new`` is false for content that was stored before."""

    course_id: int
    version_id: int
    number: int
    is_new: bool


def stage(course: compiled.Course, made_by: int | None) -> Staged:
    """Store a version without giving it out: no learner meets it before ``release``."""
    session = db.session()
    row = _course_row(session, course.slug)
    version = session.scalar(
        select(CourseVersion).where(
            CourseVersion.course_id == row.id, CourseVersion.digest == course.digest
        )
    )
    is_new = version is None
    if version is None:
        version = _store(session, row, course, made_by)
    else:
        _store_lessons(course)
    return Staged(row.id, version.id, version.number, is_new)


def release(version_id: int, released_by: int | None) -> Published:
    """Make a stored version the latest, and open it if its terms are approved.

    Raises NotFound.
    """
    session = db.session()
    course_id = session.scalar(
        select(CourseVersion.course_id).where(CourseVersion.id == version_id)
    )
    if course_id is None:
        raise NotFound
    row = _locked(session, Course.id == course_id)
    version = session.get_one(CourseVersion, version_id)
    if not version.published_ms:
        version.published_by, version.published_ms = released_by, clock.now_ms()
    row.latest_version_id = version.id
    row.state = CourseState.PUBLISHED
    if _is_approved(session, row.id, version.terms):
        _open(row, version)
    session.flush()
    is_open = row.open_version_id == version.id
    if not is_open:
        _ask_for_approval(session, version)
    return Published(row.id, version.id, version.number, is_new=True, is_open=is_open)


def _open(row: Course, version: CourseVersion) -> None:
    """Let learners enter a version, and have those in an older one told of it."""
    if row.open_version_id not in (None, version.id):
        key = f"{TELL_OF_VERSION}:{version.id}:{clock.now_ms()}"
        jobs.enqueue(TELL_OF_VERSION, key, version=version.id)
    row.open_version_id = version.id


def _ask_for_approval(session: Session, version: CourseVersion) -> None:
    """Tell HR of the agency that a version waits for it; once a version."""
    roles = holding.held()
    holders = select(roles.c.person_id).where(roles.c.role == Role.HR_AGENCY).distinct()
    for person_id in session.scalars(holders).all():
        key = f"approve:{version.id}"
        notices.notify(person_id, NoticeKind.COURSE_TO_APPROVE, key, title=version.title)


def _course_row(session: Session, slug: str) -> Course:
    insert_new(Course, [{"slug": slug, "state": CourseState.DRAFT, "created_ms": clock.now_ms()}])
    return _locked(session, Course.slug == slug)


def _locked(session: Session, which: ColumnElement[bool]) -> Course:
    return session.scalars(select(Course).where(which).with_for_update()).one()


def _store(
    session: Session, row: Course, course: compiled.Course, made_by: int | None
) -> CourseVersion:
    newest = select(func.coalesce(func.max(CourseVersion.number), 0)).where(
        CourseVersion.course_id == row.id
    )
    version = CourseVersion(
        course_id=row.id,
        number=(session.scalar(newest) or 0) + 1,
        digest=course.digest,
        title=course.title,
        summary=course.summary,
        category=course.category,
        jp=course.jp,
        kind=course.kind,
        minutes=course.minutes,
        terms=terms_of(course),
        outline=canonical(outline.encode(outline.outline_of(course))),
        overview_html=course.overview_html,
        search_text=_search_text(course),
        published_by=made_by,
        published_ms=0,
    )
    session.add(version)
    session.flush()
    _store_parts(version.id, course)
    return version


def _store_parts(version_id: int, course: compiled.Course) -> None:
    for asset in course.assets:
        files.store(asset.digest, asset.media_type, asset.content)
    insert_new(
        VersionCompetency,
        [{"version_id": version_id, "code": c.code, "level": c.level} for c in course.competencies],
    )
    lessons = [
        {"version_id": version_id, "key": le.key, "digest": le.digest} for le in course.lessons
    ]
    insert_new(VersionLesson, lessons)
    _store_lessons(course)
    quizzes = [
        {"version_id": version_id, "key": q.key, "body": _quiz_body(q)} for q in course.quizzes
    ]
    if course.pretest:
        body = _pretest_body(course.pretest)
        quizzes.append({"version_id": version_id, "key": compiled.PRETEST, "body": body})
    insert_new(VersionQuiz, quizzes)
    asked = {q.digest: q for quiz in course.quizzes for p in quiz.pools for q in p.questions}
    insert_new(
        QuestionVersion,
        [{"digest": d, "body": canonical(stored.encode(q))} for d, q in asked.items()],
    )


def _store_lessons(course: compiled.Course) -> None:
    """Finished lessons under this renderer; a version published again gets what is missing."""
    insert_new(
        RenderedLesson,
        [
            {"digest": le.digest, "renderer": markup.RENDERER, "body": _lesson_body(le)}
            for le in course.lessons
        ],
    )


def _lesson_body(lesson: compiled.Lesson) -> str:
    """Blocks as JSON; a quiz stands only as its key, so that no key of an answer is near a page."""
    blocks = [
        {stored.TAG: "QuizLink", "key": b.key, "intro_html": b.intro_html}
        if isinstance(b, compiled.Quiz)
        else stored.encode(b)
        for b in lesson.blocks
    ]
    return canonical(blocks)


def _quiz_body(quiz: compiled.Quiz) -> str:
    body = stored.encode(quiz)
    body["pools"] = [
        {"title": p.title, "draw": p.draw, "questions": [q.digest for q in p.questions]}
        for p in quiz.pools
    ]
    return canonical(body)


def _pretest_body(pretest: compiled.Pretest) -> str:
    return canonical({"forms": [[q.digest for q in form] for form in pretest.forms]})


def terms_of(course: compiled.Course) -> str:
    """What HR vouches for, as one text: JP, kind and competencies."""
    competencies = {c.code: c.level for c in course.competencies}
    return canonical({"jp": course.jp, "kind": course.kind, "competencies": competencies})


def _search_text(course: compiled.Course) -> str:
    words = [course.title, course.summary, *(le.title for le in course.lessons)]
    return search.fold(" ".join([*words, *(c.code for c in course.competencies)]))


def _is_approved(session: Session, course_id: int, terms: str) -> bool:
    """Whether these terms are the ones approved last; terms given up are asked for again."""
    newest = (
        select(Approval.terms)
        .where(Approval.course_id == course_id)
        .order_by(Approval.approved_ms.desc(), Approval.id.desc())
        .limit(1)
    )
    return session.scalar(newest) == terms


def approve(course_id: int, approver_id: int, shown_version_id: int | None = None) -> CourseVersion:
    """HR of the agency vouches for the latest version's terms; learners may enter it now.

    Raises NotFound without a published version, Conflict("approved") when it is done already,
    Conflict("moved") when another version than the one shown is the latest by now.
    """
    session = db.session()
    row = session.scalars(select(Course).where(Course.id == course_id).with_for_update()).first()
    version = session.get(CourseVersion, row.latest_version_id) if row else None
    if row is None or version is None:
        raise NotFound
    if row.open_version_id == version.id:
        raise Conflict("approved")
    if shown_version_id not in (None, version.id):
        raise Conflict("moved")
    _vouch(session, version, approver_id)
    _open(row, version)
    session.flush()
    return version


def _vouch(session: Session, version: CourseVersion, approver_id: int) -> None:
    """Keep who approved the terms; the same terms once more are approved anew."""
    terms = {"course_id": version.course_id, "terms": version.terms}
    given = {"approved_by": approver_id, "approved_ms": clock.now_ms()}
    if not insert_new(Approval, [{**terms, **given}]):
        session.execute(update(Approval).filter_by(**terms).values(**given))
