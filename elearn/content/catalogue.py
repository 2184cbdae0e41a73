"""Courses, versions and lessons to read; what is immutable is read once and kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, select

from elearn import markup
from elearn.content import outline as outlines
from elearn.content import search, stored
from elearn.content.course import (
    PRETEST,
    Block,
    Check,
    Html,
    Lesson,
    Module,
    Pool,
    Pretest,
    Question,
    Quiz,
    Reflection,
    Survey,
)
from elearn.content.course import Course as CompiledCourse
from elearn.content.models import (
    Course,
    CourseState,
    CourseVersion,
    QuestionVersion,
    RenderedLesson,
    VersionCompetency,
    VersionLesson,
    VersionQuiz,
)
from elearn.content.outline import Outline, OutlineLesson, OutlineModule, QuizSummary
from elearn.database import Prepared, db
from elearn.errors import NotFound

__all__ = ["Outline", "OutlineLesson", "OutlineModule", "QuizSummary"]

PAGE_SIZE = 12
KEPT_VERSIONS = 256
KEPT_LESSONS = 512
KEPT_QUESTIONS = 5000
KEPT_WHOLE = 8


@dataclass(frozen=True)
class QuizLink:
    """Where a quiz stands in a lesson; its questions are asked for apart."""

    key: str
    intro_html: str = ""


_outlines: dict[int, Outline] = {}


def outline(version_id: int) -> Outline:
    """The outline of a version. Raises NotFound."""
    found = _outlines.get(version_id)
    return found or outlines_of([version_id])[version_id]


def outlines_of(version_ids: Iterable[int]) -> dict[int, Outline]:
    """The outlines of versions by id; one statement for what is not kept. Raises NotFound."""
    wanted = set(version_ids)
    found = {id: kept for id in wanted if (kept := _outlines.get(id))}
    missing = wanted - found.keys()
    if missing:
        read = _read_outlines(missing)
        if len(_outlines) > KEPT_VERSIONS:
            _outlines.clear()
        _outlines.update(read)
        found |= read
    if wanted - found.keys():
        raise NotFound
    return found


def _read_outlines(version_ids: Iterable[int]) -> dict[int, Outline]:
    columns = (CourseVersion.id, CourseVersion.outline, CourseVersion.course_id)
    statement = select(*columns, CourseVersion.number).where(CourseVersion.id.in_(version_ids))
    return {
        row.id: replace(
            outlines.decode(json.loads(row.outline)),
            version_id=row.id,
            course_id=row.course_id,
            number=row.number,
        )
        for row in db.session.execute(statement)
    }


@lru_cache(maxsize=KEPT_LESSONS)
def lesson(version_id: int, key: str) -> tuple[Block | QuizLink, ...]:
    """The finished blocks of a lesson. Raises NotFound.

    What was published before the renderer changed shows as it was, until it is published again.
    """
    newest_renderer = (RenderedLesson.renderer == markup.RENDERER).desc()
    statement = (
        select(RenderedLesson.body)
        .join(VersionLesson, VersionLesson.digest == RenderedLesson.digest)
        .where(
            VersionLesson.version_id == version_id,
            VersionLesson.key == key,
        )
        .order_by(newest_renderer, RenderedLesson.renderer.desc())
        .limit(1)
    )
    body = db.session.scalar(statement)
    if body is None:
        raise NotFound
    return tuple(_block(item) for item in json.loads(body))


_BLOCKS: dict[str, Any] = {
    "Html": Html,
    "Check": Check,
    "Reflection": Reflection,
    "Survey": Survey,
    "QuizLink": QuizLink,
}


def _block(body: dict[str, Any]) -> Block | QuizLink:
    decoded: Block | QuizLink = stored.decode(_BLOCKS[body[stored.TAG]], body)
    return decoded


@lru_cache(maxsize=KEPT_LESSONS)
def quiz(version_id: int, key: str) -> Quiz:
    """A quiz with all questions of its pools. Raises NotFound."""
    if key == PRETEST:
        raise NotFound
    body = _quiz_body(version_id, key)
    pools = tuple(
        Pool(p["title"], p["draw"], tuple(questions(p["questions"]))) for p in body.pop("pools")
    )
    return replace(stored.decode(Quiz, {**body, "pools": []}), pools=pools)


@lru_cache(maxsize=KEPT_VERSIONS)
def pretest(version_id: int) -> Pretest:
    """The pretest of a version with its questions. Raises NotFound for a version without one."""
    first, second = _quiz_body(version_id, PRETEST)["forms"]
    return Pretest((tuple(questions(first)), tuple(questions(second))))


def _quiz_body(version_id: int, key: str) -> dict[str, Any]:
    statement = select(VersionQuiz.body).where(
        VersionQuiz.version_id == version_id, VersionQuiz.key == key
    )
    text = db.session.scalar(statement)
    if text is None:
        raise NotFound
    body: dict[str, Any] = json.loads(text)
    return body


@lru_cache(maxsize=KEPT_WHOLE)
def whole(version_id: int) -> CompiledCourse:
    """A version with all it says, as it was compiled, but for its files. Raises NotFound."""
    shape = outline(version_id)
    modules = tuple(
        Module(
            m.key, m.title, m.intro_html, tuple(_whole_lesson(version_id, le) for le in m.lessons)
        )
        for m in shape.modules
    )
    same = {
        field.name: getattr(shape, field.name)
        for field in fields(CompiledCourse)
        if hasattr(shape, field.name)
    }
    asked = pretest(version_id) if shape.pretest else None
    whole = {"modules": modules, "overview_html": overview_html(version_id), "pretest": asked}
    return CompiledCourse(**{**same, **whole})


def _whole_lesson(version_id: int, shape: OutlineLesson) -> Lesson:
    blocks = tuple(
        quiz(version_id, block.key) if isinstance(block, QuizLink) else block
        for block in lesson(version_id, shape.key)
    )
    same = {name: getattr(shape, name) for name in ("key", "title", "digest", "minutes")}
    return Lesson(**same, blocks=blocks, required=shape.required, old_keys=shape.old_keys)


_questions: dict[str, Question] = {}


def questions(digests: Sequence[str]) -> list[Question]:
    """The question versions with these digests, in their order. Raises NotFound."""
    missing = [d for d in dict.fromkeys(digests) if d not in _questions]
    if missing:
        if len(_questions) > KEPT_QUESTIONS:
            _questions.clear()
            missing = list(dict.fromkeys(digests))
        wanted = select(QuestionVersion).where(QuestionVersion.digest.in_(missing))
        for row in db.session.scalars(wanted):
            _questions[row.digest] = stored.decode(Question, json.loads(row.body))
    try:
        return [_questions[digest] for digest in digests]
    except KeyError:
        raise NotFound from None


def forget() -> None:
    """Drop what is kept: another database stands behind the same ids (tests, the demo)."""
    _outlines.clear()
    lesson.cache_clear()
    quiz.cache_clear()
    pretest.cache_clear()
    whole.cache_clear()
    version_by_digest.cache_clear()
    overview_html.cache_clear()
    _questions.clear()


@lru_cache(maxsize=KEPT_VERSIONS)
def version_by_digest(course_id: int, digest: str) -> int:
    """The id of a course's version with a digest. Raises NotFound."""
    statement = select(CourseVersion.id).where(
        CourseVersion.course_id == course_id, CourseVersion.digest == digest
    )
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound
    return found


@lru_cache(maxsize=KEPT_VERSIONS)
def overview_html(version_id: int) -> str:
    """The overview text of a version."""
    statement = select(CourseVersion.overview_html).where(CourseVersion.id == version_id)
    return db.session.scalar(statement) or ""


class OpenCourse(NamedTuple):
    """A course that learners may enter now."""

    id: int
    open_version_id: int


def open_course(slug: str) -> OpenCourse:
    """The open course with a slug. Raises NotFound."""
    statement = select(Course.id, Course.open_version_id).where(
        Course.slug == slug,
        Course.state != CourseState.RETIRED,
        Course.open_version_id.is_not(None),
    )
    row = db.session.execute(statement).first()
    if row is None:
        raise NotFound
    return OpenCourse(row.id, row.open_version_id)


class CourseLink(NamedTuple):
    """A course to name and point at."""

    id: int
    slug: str
    title: str


def links(slugs: Sequence[str]) -> list[CourseLink]:
    """Courses by slug with the titles of their latest versions."""
    statement = _titled().where(Course.slug.in_(slugs)).order_by(Course.slug)
    return [CourseLink(*row) for row in db.session.execute(statement)]


def all_links() -> list[CourseLink]:
    """Every course that has a version, by title."""
    statement = _titled().order_by(CourseVersion.title)
    return [CourseLink(*row) for row in db.session.execute(statement)]


def open_links() -> list[CourseLink]:
    """Every course that learners may enter, by title."""
    is_open = (Course.open_version_id.is_not(None), Course.state != CourseState.RETIRED)
    statement = _titled().where(*is_open).order_by(CourseVersion.title)
    return [CourseLink(*row) for row in db.session.execute(statement)]


def _titled() -> Select[int, str, str]:
    return select(Course.id, Course.slug, CourseVersion.title).join(
        CourseVersion, CourseVersion.id == Course.latest_version_id
    )


def offered() -> list[Outline]:
    """What every course that learners may enter now says of itself; at most two statements."""
    entered = select(Course.open_version_id).where(
        Course.state != CourseState.RETIRED, Course.open_version_id.is_not(None)
    )
    return list(outlines_of(id for id in db.session.scalars(entered) if id is not None).values())


def link(slug: str) -> CourseLink:
    """One course by slug. Raises NotFound."""
    found = links([slug])
    if not found:
        raise NotFound
    return found[0]


def has_version(course_id: int) -> bool:
    """Whether a course was ever made an edition."""
    wanted = select(CourseVersion.id).where(CourseVersion.course_id == course_id).limit(1)
    return db.session.scalar(wanted) is not None


def slugs() -> set[str]:
    """The slugs of all courses, for the check of prerequisites."""
    return set(db.session.scalars(select(Course.slug)))


@dataclass(frozen=True)
class CatalogueFilter:
    """What a person looks for. Empty and 0 filter nothing."""

    query: str = ""
    category: str = ""
    competency: str = ""
    level: int = 0
    jp: int = 0
    page: int = 1


class CourseCard(NamedTuple):
    """A course in the catalogue."""

    id: int
    version_id: int
    slug: str
    title: str
    summary: str
    category: str
    jp: int
    minutes: int


@dataclass(frozen=True)
class CataloguePage:
    """One page of the catalogue; ``pages`` at least 1."""

    cards: list[CourseCard]
    total: int
    page: int
    pages: int


def open_courses(wanted: CatalogueFilter) -> CataloguePage:
    """The courses learners may enter, by title."""
    conditions = _conditions(wanted)
    at = CourseVersion.id == Course.open_version_id
    count = select(func.count()).select_from(Course).join(CourseVersion, at).where(conditions)
    total = db.session.scalar(count) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(wanted.page, 1), pages)
    statement = (
        _cards()
        .where(conditions)
        .order_by(CourseVersion.title, Course.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    cards = [CourseCard(*row) for row in db.session.execute(statement)]
    return CataloguePage(cards, total, page, pages)


def _cards() -> Select[int, int, str, str, str, str, int, int]:
    return select(
        Course.id,
        CourseVersion.id.label("version_id"),
        Course.slug,
        CourseVersion.title,
        CourseVersion.summary,
        CourseVersion.category,
        CourseVersion.jp,
        CourseVersion.minutes,
    ).join(CourseVersion, CourseVersion.id == Course.open_version_id)


_NEWEST = Prepared(
    _cards()
    .where(Course.state != CourseState.RETIRED.value)
    .order_by(CourseVersion.published_ms.desc(), Course.id.desc())
    .limit(bindparam("limit"))
)


def newest_open(limit: int = PAGE_SIZE) -> list[CourseCard]:
    """The courses learners may enter, the one published last first."""
    return [CourseCard._make(row) for row in _NEWEST.all(limit=limit)]


def _conditions(wanted: CatalogueFilter) -> ColumnElement[bool]:
    found: list[ColumnElement[bool]] = [Course.state != CourseState.RETIRED]
    if wanted.query:
        found.append(search.matches(CourseVersion.search_text, wanted.query))
    if wanted.category:
        found.append(CourseVersion.category == wanted.category)
    if wanted.jp:
        found.append(CourseVersion.jp == wanted.jp)
    if wanted.competency or wanted.level:
        supports = [VersionCompetency.version_id == CourseVersion.id]
        if wanted.competency:
            supports.append(VersionCompetency.code == wanted.competency)
        if wanted.level:
            supports.append(VersionCompetency.level >= wanted.level)
        found.append(exists().where(and_(*supports)))
    return and_(*found)


class Waiting(NamedTuple):
    """A course whose latest version waits for HR of the agency."""

    course_id: int
    version: CourseVersion
    open_version: CourseVersion | None


def awaiting_approval() -> list[Waiting]:
    """The courses whose latest terms nobody has vouched for yet."""
    waiting = Course.open_version_id.is_(None) | (
        Course.open_version_id != Course.latest_version_id
    )
    statement = (
        select(Course, CourseVersion)
        .join(CourseVersion, CourseVersion.id == Course.latest_version_id)
        .where(waiting, Course.state != CourseState.RETIRED)
        .order_by(CourseVersion.published_ms)
    )
    found = db.session.execute(statement).all()
    ids = [course.open_version_id for course, _ in found if course.open_version_id]
    rows = db.session.scalars(select(CourseVersion).where(CourseVersion.id.in_(ids)))
    opened = {row.id: row for row in rows}
    return [
        Waiting(course.id, version, opened.get(course.open_version_id or 0))
        for course, version in found
    ]
