"""Send requests as fast as they are answered: by wrk where it is installed, else by threads."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

CONNECTIONS = 8
COUNTER = "COUNTER"  # in a body: replaced by a number that grows with each request
WRK = shutil.which("wrk")


@dataclass(frozen=True)
class Ask:
    """One request of a round; a body makes it a POST of JSON."""

    path: str
    cookie: str
    body: str = ""

    @property
    def method(self) -> str:
        return "POST" if self.body else "GET"

    @property
    def headers(self) -> dict[str, str]:
        headers = {"Cookie": self.cookie, "Connection": "keep-alive"}
        if self.body:
            headers |= {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
        return headers


def rate(url: str, asks: Sequence[Ask], seconds: float) -> float:
    """Requests answered with success a second, the asks taken in turn on CONNECTIONS."""
    return _by_wrk(url, asks, seconds) if WRK else _by_threads(url, asks, seconds)


SCRIPT = """
local asks = {{ {asks} }}
local at, counter = 0, {start}
function request()
  at = at % #asks + 1
  counter = counter + 1
  local ask = asks[at]
  local body = nil
  if ask.body ~= "" then body = string.gsub(ask.body, "{mark}", tostring(counter)) end
  return wrk.format(ask.method, ask.path, ask.headers, body)
end
"""


def _by_wrk(url: str, asks: Sequence[Ask], seconds: float) -> float:
    start = time.time_ns() // 1_000_000 * 10  # so that a later round counts on from here
    text = SCRIPT.format(asks=", ".join(map(_lua, asks)), start=start, mark=COUNTER)
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "asks.lua"
        script.write_text(text)
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script), url]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = re.search(r"Requests/sec:\s*([\d.]+)", done.stdout)
    assert found, done.stdout
    assert "Non-2xx" not in done.stdout, done.stdout
    return float(found[1])


def _lua(ask: Ask) -> str:
    headers = ", ".join(f"[{json.dumps(k)}]={json.dumps(v)}" for k, v in ask.headers.items())
    values = {"method": ask.method, "path": ask.path, "body": ask.body}
    fields = ", ".join(f"{name}={json.dumps(value)}" for name, value in values.items())
    return f"{{ {fields}, headers={{ {headers} }} }}"


def _by_threads(url: str, asks: Sequence[Ask], seconds: float) -> float:
    counts = [0] * CONNECTIONS
    started = time.monotonic()

    def run(lane: int) -> None:
        own = [asks[(lane + i) % len(asks)] for i in range(len(asks))]
        counts[lane] = _drive(url, own, started + seconds, time.time_ns())

    lanes = [threading.Thread(target=run, args=(lane,)) for lane in range(CONNECTIONS)]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    return sum(counts) / (time.monotonic() - started)


def _drive(url: str, asks: Sequence[Ask], until: float, counter: int) -> int:
    address = urlsplit(url)
    assert address.hostname
    line = http.client.HTTPConnection(address.hostname, address.port)
    count = 0
    while time.monotonic() < until:
        ask = asks[count % len(asks)]
        body = ask.body.replace(COUNTER, str(counter // 1000 + count)) or None
        line.request(ask.method, ask.path, body, ask.headers)
        answer = line.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        count += 1
    line.close()
    return count
