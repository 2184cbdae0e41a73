"""Budi at the editor: working copies, a draft with problems, and a course that Ratna reviews."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from elearn.authoring import reviews
from elearn.authoring.reviews import Findings, Point
from elearn.content import catalogue, drafts, editions, publishing, teachers
from elearn.content.drafts import Change
from elearn.content.models import TeacherRole, Verdict
from elearn.demo import members
from elearn.demo.editions import ARCHIVE, COMPLAINTS, SECURITY
from elearn.demo.journeys import NEW_EDITION_DAY
from elearn.demo.world import Step, World

Contents = Mapping[str, bytes]
ARCHIVE_DAY, ARCHIVE_LAST_DAY = 16, 4
COMPLAINTS_DAY, ASKED_DAY, TICKED_DAY = 40, 9, 2
# Of the draft: what came last, and what was first written without its picture.
ADDED_LATER = "02-menyusutkan/"
PICTURED = "01-menyimpan/01-nama-berkas.md"
PICTURE = "!["
TICKED = (Point.CORRECT, Point.RULES, Point.LANGUAGE, Point.QUESTIONS)
REMARK = (
    "Modul pertama dan kedua sudah saya baca, soalnya sudah saya coba. Kompetensi, hitungan JP, "
    "dan tampilan di ponsel saya periksa besok."
)


def steps(world: World) -> Iterator[Step]:
    """What is written and reviewed; working copies of what is published are kept with it."""
    at = world.calendar.at
    yield Step(at(NEW_EDITION_DAY, 6, 30), partial(_rewrite_security, world))
    yield Step(at(ARCHIVE_DAY, 13, 40), partial(_begin_archive, world))
    yield Step(at(ARCHIVE_LAST_DAY, 9, 15), partial(_go_on_with_archive, world))
    yield Step(at(COMPLAINTS_DAY, 10, 5), partial(_begin_complaints, world))
    yield Step(at(ASKED_DAY, 14, 30), partial(_ask_for_review, world))
    yield Step(at(TICKED_DAY, 15, 10), partial(_tick_half, world))


def keep(world: World, course_id: int, slug: str) -> None:
    """The files of a course that was just published are its working copy."""
    if not drafts.tree(course_id):
        drafts.take_over(course_id, world.editions.folders[slug], world.people[members.BUDI])


def _rewrite_security(world: World) -> None:
    """Ratna mends the lesson with the wrong key."""
    course_id = catalogue.link(SECURITY).id
    for path, content in world.editions.newest_security.items():
        drafts.ensure(course_id, path, content, world.people[members.RATNA])


def _begin_archive(world: World) -> None:
    contents = {
        path: _without_picture(content) if path == PICTURED else content
        for path, content in world.editions.folders[ARCHIVE].items()
        if not path.startswith(ADDED_LATER)
    }
    drafts.begin(ARCHIVE, contents, world.people[members.BUDI])


def _without_picture(content: bytes) -> bytes:
    lines = content.decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(PICTURE)).encode()


def _go_on_with_archive(world: World) -> None:
    budi = world.people[members.BUDI]
    contents = world.editions.folders[ARCHIVE]
    course_id = drafts.authored(budi, ARCHIVE).course_id
    drafts.save(course_id, Change(PICTURED, contents[PICTURED], 1), budi)
    for path in contents:
        if path.startswith(ADDED_LATER):
            drafts.create(course_id, path, contents[path], budi)


def _begin_complaints(world: World) -> None:
    drafts.begin(COMPLAINTS, world.editions.folders[COMPLAINTS], world.people[members.BUDI])


def _ask_for_review(world: World) -> None:
    budi = world.people[members.BUDI]
    staged = publishing.stage(world.editions.complaints, budi)
    teachers.assign(staged.course_id, world.people[members.RATNA], TeacherRole.REVIEWER)
    course = teachers.own_course(budi, COMPLAINTS)
    reviews.ask(course, editions.find(course, staged.number), budi)


def _tick_half(world: World) -> None:
    ratna = world.people[members.RATNA]
    course = teachers.own_course(ratna, COMPLAINTS)
    found = Findings(Verdict.WAITING, TICKED, REMARK)
    reviews.note(course, editions.find(course, 1), ratna, found)
