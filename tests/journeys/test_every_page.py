"""Every page a role can reach: accessible, valid HTML, no console error, no other host, light."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import deque
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.conftest import ROOT, Site, Visit, Visits, missing

pytestmark = pytest.mark.journey
JAR = ROOT / ".venv" / "vnu" / "vnu.jar"
STARTS = {
    "nobody": ["/login", "/forgot", "/verify"],
    "graduate": ["/", "/courses", "/record", "/inbox", "/account", "/account/password"],
    "instructor": ["/teach", "/teach/question_bank"],
    "hr": ["/hr", "/hr/people", "/hr/courses", "/hr/completions"],
    "head": ["/hr/approvals"],
    "admin": ["/admin", "/admin/people", "/admin/audit"],
    "auditor": ["/hr/completions", "/admin/audit"],
}
MOST_PAGES = 22
# Addresses that lead to files, or to the same page in another order.
NO_PAGE = re.compile(r"\.(csv|xlsx|svg|pdf)$|/files/|/logout")
LONGEST_FIRST_VISIT = 60_000
LONGEST_NEXT = 15_000
MOST_REQUESTS = 12


def _shape(path: str) -> str:
    """Pages that differ only in an id or a filter are one kind of page."""
    return re.sub(r"(?<=/)([0-9]+|[A-Za-z0-9_-]{16,})(?=/|$)", "*", urlsplit(path).path)


def _crawl(visit: Visit, starts: list[str], saved: Path, role: str) -> list[str]:
    waiting, seen, found = deque(starts), set(), []
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.popleft()
        if _shape(path) in seen or NO_PAGE.search(urlsplit(path).path):
            continue
        seen.add(_shape(path))
        answer = visit.page.goto(visit.site.url + path)
        assert answer is not None
        assert answer.status == 200, f"{role}: {path}: {answer.status}"
        found += _axe(visit, f"{role} {path}")
        name = f"{role}{re.sub(r'[^a-z0-9]+', '-', path.lower())}"[:100]
        (saved / f"{name}.html").write_bytes(answer.body())
        waiting.extend(_links(visit))
    return found


def _links(visit: Visit) -> list[str]:
    hrefs = visit.page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
    own = [h for h in hrefs if h.startswith(visit.site.url)]
    return [h.removeprefix(visit.site.url).split("#")[0] or "/" for h in own]


def _axe(visit: Visit, where: str) -> list[str]:
    result = Axe().run(visit.page)
    return [
        f"{where}: {v['id']}: {v['nodes'][0]['html'][:160]}" for v in result.response["violations"]
    ]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_pages_are_accessible_and_valid(
    visit: Visits, site: Site, completed: str, tmp_path: Path, dark: bool
) -> None:
    problems = []
    for role, starts in STARTS.items():
        opened = visit(1280 if dark else 360, dark=dark)
        if role != "nobody":
            opened.sign_in(getattr(site.world, role))
        extra = [f"/certificates/{completed}", f"/verify/{completed}"] if role == "graduate" else []
        problems += _crawl(opened, [*starts, *extra], tmp_path, role)
    assert problems == []
    if not dark:
        _validate(tmp_path)


def _validate(folder: Path) -> None:
    if not JAR.exists() or shutil.which("java") is None:
        missing("vnu-jar with Java")
    command = ["java", "-Xss2m", "-jar", str(JAR), "--format", "json", "--stdout", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    messages = json.loads(done.stdout)["messages"]
    errors = {
        f"{Path(m['url']).name}: {m['message']} | {m.get('extract', '')[:120]!r}"
        for m in messages
        if m["type"] == "error"
    }
    assert not errors, "\n".join(sorted(errors))


def test_a_lesson_is_light(visit: Visits, site: Site) -> None:
    phone = visit(360)
    phone.sign_in(site.world.weigher)
    phone.go("/courses/keamanan-informasi")
    phone.page.get_by_role("button", name="Mulai", exact=True).click()
    address = phone.page.url
    first = visit(360)
    first.context.add_cookies(phone.context.cookies())
    client = first.context.new_cdp_session(first.page)
    client.send("Network.enable")
    weights: dict[str, int] = {}
    kinds: dict[str, str] = {}
    client.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))
    client.on(
        "Network.loadingFinished",
        lambda e: weights.update({e["requestId"]: int(e["encodedDataLength"])}),
    )
    first.page.goto(address, wait_until="networkidle")
    light = {i: w for i, w in weights.items() if kinds.get(i) != "Image"}
    assert sum(light.values()) <= LONGEST_FIRST_VISIT
    assert len(weights) <= MOST_REQUESTS
    weights.clear()
    first.page.get_by_role("button", name="Selesai, lanjut").click()
    first.page.wait_for_load_state("networkidle")
    later = {i: w for i, w in weights.items() if kinds.get(i) != "Image"}
    assert sum(later.values()) <= LONGEST_NEXT
