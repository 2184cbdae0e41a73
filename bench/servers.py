"""Start and end what is measured, as users start it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from bench import bare

ROOT = Path(__file__).resolve().parents[1]
SECRET = "bench-only-" + "0123456789abcdef" * 3
WORKERS = 2
START_SECONDS = 60
END_SECONDS = 30


@contextmanager
def product(database: str) -> Iterator[str]:
    """The product on a database. Yields its address."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        "ELEARN_DATABASE": database,
        "ELEARN_SECRET_KEY": SECRET,
        "ELEARN_URL": url,
    }
    command = ["-m", "elearn", "serve", "--port", str(port), "--workers", str(WORKERS)]
    with _running(command, environment, f"{url}/healthz"):
        yield url


@contextmanager
def bare_flask(page_bytes: int) -> Iterator[str]:
    """A bare Flask route of a size. Yields its address."""
    port = _free_port()
    command = ["-m", "bench.bare", str(port), str(WORKERS)]
    url = f"http://127.0.0.1:{port}/page"
    with _running(command, {bare.SIZE: str(page_bytes)}, url):
        yield url


@contextmanager
def _running(arguments: list[str], environment: Mapping[str, str], url: str) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env={**os.environ, **environment}
    )
    try:
        _wait_for(url, process)
        yield
    finally:
        process.terminate()
        process.wait(END_SECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended while starting"
        with suppress(OSError), urllib.request.urlopen(url, timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError("the server did not start")
