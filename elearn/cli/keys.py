"""The keys that sign certificates and seals: list them, make a new one."""

from __future__ import annotations

import click

from elearn import clock, signing
from elearn.cli.application import in_app


@click.group()
def keys() -> None:
    """The keys that sign certificates and seals."""


@keys.command("list")
@in_app
def list_keys() -> None:
    """Name each public key with its first day; the newest, which signs, first."""
    for key in signing.ring().public():
        _show(key)


@keys.command("rotate")
@in_app
def rotate() -> None:
    """Make the key that signs from now on; the older ones stay, to check what they signed."""
    _show(signing.ring().rotate())


def _show(key: signing.PublicKey) -> None:
    click.echo(f"{key.id} {clock.day_of(key.since_ms)} {key.raw.hex()}")
