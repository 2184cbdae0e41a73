"""Units, persons and their roles, for the operator."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy import select

from elearn.cli.application import in_app
from elearn.database import db, transaction
from elearn.errors import Conflict
from elearn.factors import resets
from elearn.people import accounts, nip, passwords, staffing, units
from elearn.people.models import Person, Status, Unit
from elearn.people.permissions import Role


@click.group()
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


@people.command("reset-factor")
@click.argument("number")
@in_app
def reset_factor(number: str) -> None:
    """Take away the second factor of a person whose phone and recovery codes are lost."""
    person_id = db.session.scalar(select(Person.id).where(Person.nip == _digits(number)))
    if person_id is None:
        raise click.ClickException("nobody has this NIP")
    try:
        with transaction():
            resets.reset_by(None, person_id)
    except Conflict:
        raise click.ClickException("this person has no second factor") from None
    click.echo("done: the password alone signs in, every device is signed out")
