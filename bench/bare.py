"""The limit of a page: a Flask route that returns as many bytes, on the same server."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from elearn import server

ROOT = Path(__file__).resolve().parents[1]
SIZE = "BENCH_PAGE_BYTES"

app = Flask(__name__)
_page = "x" * int(os.environ.get(SIZE, "10000"))


@app.get("/page")
def page() -> str:
    """Return the page; the cookie that comes with the request is not looked at."""
    return _page


def main() -> None:
    """Serve the page as `elearn serve` serves the product."""
    Granian(
        "bench.bare:app",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        working_dir=ROOT,
        websockets=False,
        workers=int(sys.argv[2]),
        blocking_threads=server.THREADS,
        log_level="warning",  # type: ignore[arg-type]  # the enum takes its own word
    ).serve()


if __name__ == "__main__":
    main()
