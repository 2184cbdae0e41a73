"""The commands of the operator and of authors who live in git."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from flask import Flask
from sqlalchemy import select

from elearn import clock, demo, demo_mark, jobs, schema, server, work
from elearn.competency import derived, framework
from elearn.content import catalogue, folders, publishing
from elearn.content.compiler import Known
from elearn.database import db, snapshot, transaction
from elearn.errors import DomainError
from elearn.journal import chain
from elearn.learning import record
from elearn.people import accounts, nip, passwords, staffing, units
from elearn.people.actors import EVERYWHERE, Actor
from elearn.people.models import Person, Status, Unit
from elearn.people.permissions import Role
from elearn.reports import export, filters, sheets

ROOT = Path(__file__).resolve().parent.parent
COURSES = ROOT / "courses"
MIN_SECRET_LENGTH = 32
WEAK_SECRETS = ("secret", "changeme", "password", "development")


def _app() -> Flask:
    sys.path.insert(0, str(ROOT))
    app: Flask = import_module("wsgi").app
    return app


def in_app(command: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command within the application, and its domain errors as one line and exit code 1."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            with _app().app_context():
                return command(*args, **kwargs)
        except DomainError as problem:
            raise click.ClickException(_told(problem)) from problem

    return run


def _told(problem: DomainError) -> str:
    reason = getattr(problem, "reason", "")
    return f"{type(problem).__name__}{': ' + reason if reason else ''}"


@click.group()
def main() -> None:
    """Belajar ASN: courses in Markdown, records HR can prove."""


# --- serving -------------------------------------------------------------------------------


@main.command()
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=8000, envvar="PORT", type=click.IntRange(1, 65535))
@click.option("--workers", default=2, type=click.IntRange(1, 64))
@click.option("--demo", "is_demo", is_flag=True, help="Serve the demo database.")
def serve(host: str, port: int, workers: int, is_demo: bool) -> None:
    """Serve the application and run its jobs until SIGTERM."""
    app = _app()
    with app.app_context():
        _refuse_unready(app, is_demo)
    _serve(server.Address(host, port, workers))


def _serve(address: server.Address) -> None:
    try:
        server.serve(ROOT, address)
    except server.AlreadyServing:
        raise click.ClickException("a server is already running here") from None


def _refuse_unready(app: Flask, is_demo: bool) -> None:
    if not schema.is_current():
        raise click.ClickException("the database has an older schema: run `elearn migrate` first")
    if demo_mark.is_demo() and not is_demo:
        raise click.ClickException(
            "this database holds the demo's invented accounts; use `elearn serve --demo`, "
            "or name another database in ELEARN_DATABASE"
        )
    secret = app.config["SECRET_KEY"]
    if len(secret) < MIN_SECRET_LENGTH or any(word in secret.lower() for word in WEAK_SECRETS):
        raise click.ClickException(
            f"ELEARN_SECRET_KEY is missing or weak: give at least {MIN_SECRET_LENGTH} random "
            "characters, for example from `python -c 'import secrets; print(secrets.token_hex())'`"
        )


@main.command("work")
def run_work() -> None:
    """Do waiting and timed jobs until SIGTERM; `serve` keeps one of these."""
    server.end_with_parent()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with _app().app_context():
        jobs.work_until(stop, work.HANDLERS, work.SLOTS)


@main.command()
@in_app
def migrate() -> None:
    """Bring the database to the newest schema; a SQLite file is copied first."""
    if schema.is_current():
        click.echo("The schema is the newest.")
        return
    saved = schema.back_up() if schema.present() else None
    if saved:
        click.echo(f"Backup: {saved.name}")
    schema.upgrade()
    with transaction():
        framework.load_seed()
    click.echo(f"Schema {schema.newest()}.")


# --- the demo ------------------------------------------------------------------------------


@main.command("demo")
@click.option("--json", "as_json", is_flag=True, help="Print the sign-ins for scripts.")
@click.option("--people", default=demo.PEOPLE, type=click.IntRange(20, 200_000))
@click.option("--reset", is_flag=True, help="Make the demo anew (asks first).")
@click.option("--serve", "then_serve", is_flag=True, help="Serve it afterwards.")
@click.option("--port", default=8000, envvar="PORT", type=click.IntRange(1, 65535))
def run_demo(as_json: bool, people: int, reset: bool, then_serve: bool, port: int) -> None:
    """Seed the demo into an empty database, publish courses/, print the sign-ins."""
    os.environ.setdefault("ELEARN_URL", f"http://127.0.0.1:{port}")
    sys.path.insert(0, str(ROOT))
    import_module("config").make_instance_secret()
    with _app().app_context():
        if reset:
            _reset()
        _seed(people, quiet=as_json)
        if as_json:
            click.echo(json.dumps(_cast(), ensure_ascii=False, indent=1))
        else:
            _print_cast(port)
        db.session.remove()
        db.engine.dispose()
    if then_serve:
        _serve(server.Address("127.0.0.1", port, 2))


def _seed(people: int, quiet: bool) -> None:
    if not schema.is_current():
        schema.upgrade()
    if demo.is_empty():
        if not quiet:
            click.echo("Seeding the demo ...")
        demo.seed(COURSES, people)
    elif not demo_mark.is_demo():
        raise click.ClickException("this database is not empty and not the demo: nothing was done")


def _reset() -> None:
    if not demo_mark.is_demo():
        raise click.ClickException("this is not a demo database: nothing was done")
    click.confirm("Delete the demo and make it anew?", abort=True)
    demo.clear()


def _cast() -> list[dict[str, str]]:
    return [member._asdict() for member in demo.cast()]


def _print_cast(port: int) -> None:
    click.echo(f"\nhttp://127.0.0.1:{port}\n")
    for member in demo.cast():
        secret = member.password or "(deactivated)"
        click.echo(f"  {member.nip}  {secret:<24}  {member.role:<12}  {member.name}")
    for name, path in demo.certificates():
        click.echo(f"  {name}: http://127.0.0.1:{port}{path}")
    click.echo("")


# --- courses -------------------------------------------------------------------------------


def _known() -> Known:
    return Known(competencies=framework.known_codes(), courses=frozenset(catalogue.slugs()))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--fix", is_flag=True, help="Write the missing #id of questions.")
def check(folder: Path, fix: bool) -> None:
    """List every problem of a course folder, with file and line."""
    if fix:
        click.echo(f"{folders.fix_ids(folder)} ids written.")
    known = Known(competencies=framework.seed_codes(), courses=_sibling_courses(folder))
    compiled = folders.check_folder(folder, known)
    for problem in compiled.problems:
        click.echo(str(problem))
    if compiled.course is None:
        sys.exit(1)
    course = compiled.course
    asked = sum(len(pool.questions) for quiz in course.quizzes for pool in quiz.pools)
    click.echo(
        f"{course.title}: {len(course.lessons)} materi, {asked} soal, "
        f"{course.minutes} menit, {course.jp} JP, {course.digest[:12]}"
    )


def _sibling_courses(folder: Path) -> frozenset[str]:
    parent = folder.resolve().parent
    return frozenset(path.parent.name for path in parent.glob("*/course.md"))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@in_app
def publish(folder: Path) -> None:
    """Publish a course folder as the next version; the same content twice is one version."""
    compiled = folders.check_folder(folder, _known())
    for problem in compiled.problems:
        click.echo(str(problem), err=True)
    if compiled.course is None:
        sys.exit(1)
    with transaction():
        done = publishing.publish(compiled.course, published_by=None)
    state = "new" if done.is_new else "unchanged"
    waits = "open to learners" if done.is_open else "waits for the approval of HR of the agency"
    click.echo(f"{compiled.course.slug}: version {done.number} ({state}), {waits}")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
def new(folder: Path) -> None:
    """Write a small course to begin from."""
    try:
        folders.new_course(folder)
    except FileExistsError:
        raise click.ClickException(f"{folder} exists already: nothing was written") from None
    click.echo(f"{folder}: now run `elearn check {folder}`")


# --- the journal ---------------------------------------------------------------------------


def _people_ids() -> list[int]:
    return list(db.session.scalars(select(Person.id).order_by(Person.id)))


@main.command()
@in_app
def rebuild() -> None:
    """Make every derived row again from the journal."""
    ids = _people_ids()
    with click.progressbar(ids, label="Rebuild") as people:
        for person_id in people:
            with transaction():
                record.rebuild(person_id)
                derived.rebuild(person_id)


@main.command()
@in_app
def verify() -> None:
    """Check the chains, and that stored state is the fold of the journal; exit code 1 if not."""
    problems = 0
    with snapshot():
        for broken in chain.broken_links():
            problems += 1
            where = f"person {broken.person_id}, seq {broken.seq}"
            click.echo(f"event {broken.event_id} ({where}): {broken.reason}")
        for person_id in _people_ids():
            for learned in record.differences(person_id):
                problems += 1
                click.echo(f"{learned.table}: enrolment {learned.enrolment_id} differs")
        for held in derived.differences():
            problems += 1
            click.echo(f"{held.table}: person {held.person_id}: {held.what}")
    if problems:
        click.echo(f"{problems} problems.")
        sys.exit(1)
    click.echo("Every chain is intact; stored state is the fold of the journal.")


# --- data in and out -----------------------------------------------------------------------


@main.command("export")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@in_app
def run_export(target: Path) -> None:
    """Write all completion records as .csv or .xlsx."""
    sheet = sheets.completion_sheet(_operator(), filters.Wanted(year=clock.today().year))
    if target.suffix == ".xlsx":
        target.write_bytes(export.xlsx(sheet))
    elif target.suffix == ".csv":
        with target.open("w", encoding="utf-8", newline="") as file:
            file.writelines(export.csv_pieces(sheet))
    else:
        raise click.ClickException("the name of the file must end in .csv or .xlsx")
    click.echo(f"{target.name}: written")


def _operator() -> Actor:
    """Who works at the console: sees everywhere, as an auditor does."""
    return Actor(
        id=0,
        name="",
        full_name="",
        unit_id=0,
        unit_path=EVERYWHERE,
        status=Status.PNS,
        roles=frozenset({Role.AUDITOR}),
        hr_paths=(EVERYWHERE,),
        acting_paths=(),
        must_change_password=False,
        stamp="",
        until_ms=0,
        unread_count=0,
    )


@main.command()
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False), required=False)
@in_app
def backup(target: Path | None) -> None:
    """Copy a SQLite database while it is in use."""
    saved = schema.back_up(target)
    if saved is None:
        raise click.ClickException("not a SQLite database: use pg_dump")
    click.echo(str(saved.name))


@main.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.confirmation_option(prompt="Replace the present database by this copy?")
@in_app
def restore(source: Path) -> None:
    """Put a copy in the place of the database (the present one is kept beside it)."""
    kept = schema.restore(source)
    click.echo(f"Restored. The database before is kept as {kept.name}." if kept else "Restored.")


# --- people --------------------------------------------------------------------------------


@main.group()
def people() -> None:
    """Units, persons and their roles."""


@people.command("add-unit")
@click.argument("name")
@click.option("--parent", type=int, help="Id of the unit above; none for the government itself.")
@click.option("--code", default="")
@in_app
def add_unit(name: str, parent: int | None, code: str) -> None:
    """Add a unit to the tree and print its id."""
    with transaction():
        above = units.unit_of(parent) if parent else None
        unit = units.create_unit(name, above, code)
    click.echo(str(unit.id))


@people.command("list-units")
@in_app
def list_units() -> None:
    """Print the tree of units with their ids."""
    for unit in db.session.scalars(select(Unit).order_by(Unit.path)):
        click.echo(f"{'  ' * (unit.path.count('/') - 2)}{unit.id} {unit.name}")


def _digits(number: str) -> str:
    try:
        return nip.parse(number).digits
    except nip.NipError as problem:
        raise click.ClickException(f"NIP: {problem.reason}") from None


@people.command("add")
@click.argument("number")
@click.argument("name")
@click.option("--unit", "unit_id", type=int, required=True)
@click.option(
    "--status", type=click.Choice([status.value for status in Status]), default=Status.PNS.value
)
@click.option("--before", default="", help="Degrees before the name.")
@click.option("--after", default="", help="Degrees after the name.")
@click.option("--role", type=click.Choice([role.value for role in Role]), multiple=True)
@in_app
def add_person(number: str, name: str, unit_id: int, status: str, **more: Any) -> None:
    """Add a person, grant roles, and print a one-time sign-in code."""
    new_person = staffing.NewPerson(
        nip=_digits(number),
        name=name,
        degrees_before=more["before"],
        degrees_after=more["after"],
        status=Status(status),
        unit_id=unit_id,
    )
    code = passwords.new_code()
    with transaction():
        person = staffing.create_person(new_person)
        for role in more["role"]:
            scope = unit_id if role == Role.HR_UNIT else None
            staffing.grant(None, person.id, Role(role), scope)
        accounts.reset_to_code(person.id, code)
    click.echo(code.text)


@people.command("code")
@click.argument("number")
@in_app
def one_time_code(number: str) -> None:
    """Print a one-time sign-in code for a person."""
    person_id = db.session.scalar(select(Person.id).where(Person.nip == _digits(number)))
    if person_id is None:
        raise click.ClickException("nobody has this NIP")
    code = passwords.new_code()
    with transaction():
        accounts.reset_to_code(person_id, code)
    click.echo(code.text)
