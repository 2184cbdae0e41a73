"""The keys that sign are listed, and a new one takes over while the older ones still check."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from elearn import signing
from elearn.cli import application, keys


def test_a_new_key_signs_and_the_older_one_is_listed_behind_it(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = signing.KeyRing(tmp_path)
    monkeypatch.setattr(application, "application", lambda: app)
    monkeypatch.setattr(signing, "ring", lambda: ring)
    signed = ring.sign(b"older")
    made = CliRunner().invoke(keys.keys, ["rotate"])
    assert made.exit_code == 0, made.output
    listed = CliRunner().invoke(keys.keys, ["list"]).output.splitlines()
    assert [line.split()[0] for line in listed] == [made.output.split()[0], signed.key_id]
    assert ring.current().id == made.output.split()[0]
    assert ring.checks(b"older", signed)
