"""`elearn serve`: granian's workers, one job runner, and a clean end for all of them."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

SUPERVISOR = "ELEARN_SUPERVISOR"
THREADS = 24
END_SECONDS = 20
RUNNER_END_SECONDS = 30


class AlreadyServing(Exception):
    """Another server runs on this instance: granian shares the port, so it would start unseen."""


@dataclass(frozen=True)
class Address:
    """Where to listen, and with how many worker processes."""

    host: str
    port: int
    workers: int


def serve(root: Path, address: Address) -> None:
    """Serve until SIGTERM or SIGINT; requests in flight are answered. Raises AlreadyServing."""
    with _only_one(root / "instance" / f"serve-{address.port}.lock"):
        os.environ[SUPERVISOR] = str(os.getpid())
        # The default on Linux forks, and this process has threads.
        multiprocessing.set_start_method("spawn", force=True)
        stop = threading.Event()
        keeper = threading.Thread(target=_keep_runner, args=(root, stop))
        server = Granian(
            "wsgi:app",
            address=address.host,
            port=address.port,
            interface=Interfaces.WSGI,
            working_dir=root,
            websockets=False,
            workers=address.workers,
            blocking_threads=THREADS,
            respawn_failed_workers=True,
            respawn_interval=1,
            workers_kill_timeout=END_SECONDS,
            log_level=LogLevels.error,
        )
        server.on_startup(keeper.start)
        try:
            server.serve()
        finally:
            stop.set()
            if keeper.is_alive():
                keeper.join()


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyServing from None
        yield


def _keep_runner(root: Path, stop: threading.Event) -> None:
    while not stop.is_set():
        command = [sys.executable, "-m", "elearn", "work"]
        runner = subprocess.Popen(command, cwd=root)  # noqa: S603  # our own module
        while runner.poll() is None and not stop.wait(0.2):
            pass
        if runner.poll() is None:
            runner.terminate()
            runner.wait(RUNNER_END_SECONDS)
        stop.wait(1)


def end_with_parent() -> None:
    """Called by workers and the runner: nobody serves on when the supervisor is gone."""
    parent = int(os.environ.get(SUPERVISOR, "0"))
    if parent and parent != os.getpid():
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(END_SECONDS)
    os._exit(1)
