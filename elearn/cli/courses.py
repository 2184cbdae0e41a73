"""Check, publish and begin courses: for authors who live in git."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from elearn.cli.application import in_app
from elearn.competency import framework
from elearn.content import catalogue, drafts, folders, publishing, teachers
from elearn.content.compiler import Known, compile_course
from elearn.content.models import TeacherRole
from elearn.content.reader import read_folder
from elearn.database import transaction
from elearn.errors import NotFound
from elearn.people import directory
from elearn.planning import framework_sheet
from elearn.planning.sheet_lines import NoTable


def _known() -> Known:
    return Known(
        competencies=framework.known_codes(),
        courses=frozenset(catalogue.slugs()),
        retired=framework.retired_codes(),
    )


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--fix", is_flag=True, help="Write the missing #id of questions.")
@click.option(
    "--framework",
    "dictionary",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The agency's framework as it was taken away (CSV or XLSX), for its own competencies.",
)
def check(folder: Path, fix: bool, dictionary: Path | None) -> None:
    """List every problem of a course folder, with file and line."""
    if fix:
        click.echo(f"{folders.fix_ids(folder)} ids written.")
    codes = framework.seed_codes() | _codes_in(dictionary)
    known = Known(competencies=codes, courses=_sibling_courses(folder))
    compiled = folders.check_folder(folder, known)
    for problem in compiled.problems:
        click.echo(str(problem))
    if compiled.course is None:
        sys.exit(1)
    course = compiled.course
    asked = sum(len(pool.questions) for quiz in course.quizzes for pool in quiz.pools)
    if course.pretest:
        first, second = (", ".join(form) for form in course.pretest.ids)
        click.echo(f"Uji awal, naskah A: {first}; naskah B: {second}")
    click.echo(
        f"{course.title}: {len(course.lessons)} materi, {asked} soal, "
        f"{course.minutes} menit, {course.jp} JP, {course.digest[:12]}"
    )


def _codes_in(dictionary: Path | None) -> frozenset[str]:
    try:
        return framework_sheet.codes_of(dictionary.read_bytes()) if dictionary else frozenset()
    except NoTable as problem:
        message = "no framework was found in this file"
        raise click.BadParameter(message, param_hint="--framework") from problem


def _sibling_courses(folder: Path) -> frozenset[str]:
    parent = folder.resolve().parent
    return frozenset(path.parent.name for path in parent.glob("*/course.md"))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--owner", help="NIP of the instructor who owns the course from now on.")
@in_app
def publish(folder: Path, owner: str | None) -> None:
    """Publish a course folder as the next version; the same content twice is one version."""
    source = read_folder(folder)
    compiled = compile_course(source, _known())
    for problem in compiled.problems:
        click.echo(str(problem), err=True)
    if compiled.course is None:
        sys.exit(1)
    with transaction():
        done = publishing.publish(compiled.course, published_by=None)
        if owner:
            _make_owner(done.course_id, owner)
        contents = {path: file.content for path, file in source.files.items()}
        drafts.take_over(done.course_id, contents, None)
    state = "new" if done.is_new else "unchanged"
    waits = "open to learners" if done.is_open else "waits for the approval of HR of the agency"
    click.echo(f"{compiled.course.slug}: version {done.number} ({state}), {waits}")


def _make_owner(course_id: int, number: str) -> None:
    try:
        teachers.assign(course_id, directory.by_nip(number), TeacherRole.OWNER)
    except NotFound:
        raise click.ClickException(
            "--owner: no instructor has this NIP; nothing was published"
        ) from None


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def new(folder: Path) -> None:
    """Write a small course to begin from."""
    try:
        folders.new_course(folder)
    except FileExistsError:
        raise click.ClickException(f"{folder} exists already: nothing was written") from None
    click.echo(f"{folder}: now run `elearn check {folder}`")
