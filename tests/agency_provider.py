"""A real provider of OpenID Connect on this host, as the agency would have one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

CLIENT, SECRET = "elearn", "a secret of this test"
SCRIPT = Path(__file__).parent / "tools" / "oidc" / "provider.mjs"
MODULES = Path(sys.prefix) / "oidc" / "node_modules"
END_SECONDS = 10


@dataclass(frozen=True)
class AgencyProvider:
    """A provider that runs; it ends with its standard input."""

    issuer: str
    process: subprocess.Popen[str]

    @classmethod
    def started(cls, site: str) -> AgencyProvider | None:
        """One whose client is the site at this address; None where there is none to start."""
        node = shutil.which("node")
        if node is None or not MODULES.is_dir():
            return None
        process = subprocess.Popen(
            [node, str(SCRIPT), str(MODULES), site],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout is not None
        issuer = process.stdout.readline().strip()
        return cls(issuer, process) if issuer else None

    def end(self) -> None:
        self.process.communicate(timeout=END_SECONDS)


def missing() -> None:
    """Say so; where everything has to be there it is a failure."""
    what = "oidc-provider (npm) is not there or does not start: make test installs it"
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)
