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
from playwright.sync_api import Response

from tests.journeys import long_course
from tests.journeys.conftest import ROOT, Site, Visit, Visits, missing
from tests.journeys.long_course import Played

pytestmark = pytest.mark.journey
JAR = ROOT / ".venv" / "vnu" / "vnu.jar"
ASSIGNED = [f"/hr/assignments{part}" for part in ("", "/1", "/1/people", "/1/edit", "/1/message")]
FRAMEWORK = [
    f"/hr/{part}"
    for part in (
        "framework",
        "framework/new",
        "framework/TEK.ARSIP",
        "framework/TEK.ARSIP/edit",
        "framework/TEK.ARSIP/retire",
        "framework/TEK.ARSIP/editions/2",
        "gaps/import/framework",
        "gaps/requirements/positions",
        "gaps/requirements/positions/1",
    )
]
STARTS = {
    "nobody": [
        "/login",
        "/forgot",
        "/verify",
        "/verify/offline",
        "/roots",
        "/keys",
        "/proof",
        "/privacy",
    ],
    "graduate": [
        "/",
        "/courses",
        "/record",
        "/competencies",
        "/inbox",
        "/account",
        "/account/password",
        "/account/factor",
        "/account/factor/new",
        "/account/photo",
        "/account/looks",
        "/account/data",
        "/account/rectifications",
        "/account/rectifications/new",
        "/account/rectifications/new?about=name",
    ],
    "instructor": ["/teach", "/teach/question_bank"],
    "reviewer": ["/teach"],
    "hr": [
        "/hr",
        "/hr/people",
        "/hr/people/new",
        "/hr/courses",
        "/hr/completions",
        "/hr/rectifications",
        "/hr/announcements",
        *ASSIGNED,
    ],
    "head": [
        *FRAMEWORK,
        "/hr/approvals",
        "/admin/privacy/analysis",
        "/admin/privacy/breaches",
        "/admin/privacy/retention",
        "/hr/certificates",
        "/hr/certificates/numbers",
        "/hr/certificates/numbers/new",
        "/hr/certificates/settings",
        "/hr/certificates/signed",
    ],
    "admin": [
        "/admin",
        "/admin/people",
        "/admin/audit",
        "/admin/privacy",
        "/admin/health",
        "/admin/second-factor",
        "/admin/settings",
        "/admin/settings/agency_name",
        "/admin/settings-file",
        "/admin/environment",
    ],
    "auditor": ["/hr/completions", "/admin/audit"],
}
MOST_PAGES = 22
LONG_LESSONS = [f"/courses/{long_course.SLUG}/lessons/{key}" for key in ("cek", "kuis", "penutup")]
LONG_TAUGHT = [
    f"/teach/{long_course.SLUG}{part}"
    for part in (
        "/essays",
        "/surveys",
        "/reflections",
        f"/questions?quiz={long_course.QUIZ}",
        "/versions",
        "/versions/2/lessons/kuis",
        "/versions/3",
        "/keys",
        "/people",
        f"/quizzes/{long_course.QUIZ}/paper",
    )
]
LONG_REVIEWED = [
    f"/teach/{long_course.SLUG}/versions{part}" for part in ("", "/3", "/3/lessons/kuis")
]
LONG_EDIT = f"/teach/{long_course.SLUG}/edit"
LONG_EDITED = [
    f"{LONG_EDIT}{part}"
    for part in (
        "",
        "/form/02-kuis.md",
        "/files/02-kuis.md",
        "/preview/02-kuis.md",
        "/history/02-kuis.md",
        "/figures/02-kuis.md",
        "/form/course.md",
        "/order",
        "/rename/02-kuis.md",
        "/delete/02-kuis.md",
    )
]
PASTED = "1. Siapa yang dilayani?\na. Warga\nb. Tamu\nKunci: A\n"
# Addresses that lead to files, to another host, or to the same page in another order.
NO_PAGE = re.compile(
    r"\.(csv|xlsx|svg|pdf|zip|json|jsonl|jwt)$|/paper$|/files/|/logout|/login/oidc$"
)
AXE = Axe().axe_script
# Only what is wrong comes back: to send all that is well costs as much as a third of the checks.
VIOLATIONS = "axe.run({resultTypes: ['violations']}).then((found) => found.violations)"
LONGEST_FIRST_VISIT = 60_000
LONGEST_NEXT = 15_000
MOST_REQUESTS = 12


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pages lie as they were sent; the theme is not in them, so each lies there once."""
    return tmp_path_factory.mktemp("pages")


def _shape(path: str) -> str:
    """Pages that differ only in an id or a filter are one kind of page."""
    parts = urlsplit(path)
    kind = re.sub(r"(?<=/)([0-9]+|[A-Za-z0-9_-]{16,})(?=/|$)", "*", parts.path)
    kind = re.sub(r"(?<=^/admin/settings/)[a-z_]+", "*", kind)
    return kind + ("?" + parts.query if "cek=" in parts.query else "")


def _crawl(visit: Visit, starts: list[str], saved: Path, role: str) -> list[str]:
    """Look at the starts, then at what they link to, up to a number of pages."""
    waiting, seen, found = deque(starts), set(), []
    while waiting and len(seen) < max(MOST_PAGES, len(starts)):
        path = waiting.popleft()
        if _shape(path) in seen or NO_PAGE.search(urlsplit(path).path):
            continue
        seen.add(_shape(path))
        found += _look(visit, visit.page.goto(visit.site.url + path), saved, role)
        waiting.extend(_links(visit))
    return found


def _look(visit: Visit, answer: Response | None, saved: Path, role: str) -> list[str]:
    """Keep the page as it was sent, and say what axe finds in it as it stands."""
    assert answer is not None
    path = answer.url.removeprefix(visit.site.url)
    assert answer.status == 200, f"{role}: {path}: {answer.status}"
    name = f"{role}{re.sub(r'[^a-z0-9]+', '-', path.lower())}"[:100]
    (saved / f"{name}.html").write_bytes(answer.body())
    return _axe(visit, f"{role} {path}")


def _links(visit: Visit) -> list[str]:
    hrefs = visit.page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
    own = [h for h in hrefs if h.startswith(visit.site.url)]
    return [h.removeprefix(visit.site.url).split("#")[0] or "/" for h in own]


def _axe(visit: Visit, where: str) -> list[str]:
    visit.page.evaluate(AXE)
    found = visit.page.evaluate(VIOLATIONS)
    return [f"{where}: {v['id']}: {v['nodes'][0]['html'][:160]}" for v in found]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_pages_are_accessible(
    visit: Visits, site: Site, completed: str, played: Played, saved: Path, dark: bool
) -> None:
    problems = []
    certificate = [f"/certificates/{completed}", f"/verify/{completed}"]
    out = ["/login/out"] if site.issuer else []
    extra = {
        "nobody": out,
        "graduate": certificate,
        "instructor": LONG_TAUGHT,
        "reviewer": LONG_REVIEWED,
    }
    for role, starts in STARTS.items():
        opened = visit(1280 if dark else 360, dark=dark)
        if role != "nobody":
            opened.sign_in(getattr(site.world, role))
        problems += _crawl(opened, [*extra.get(role, ()), *starts], saved, role)
    assert problems == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_pages_with_long_questions_are_accessible(
    visit: Visits, site: Site, played: Played, saved: Path, dark: bool
) -> None:
    learner, author = (visit(1280 if dark else 360, dark=dark) for _ in range(2))
    learner.sign_in(site.world.graduate)
    attempts = [f"/attempts/{played.under_way}", f"/attempts/{played.handed_in}/result"]
    checks = _checks(learner, f"/courses/{long_course.SLUG}/lessons/cek")
    problems = _crawl(learner, [*attempts, *LONG_LESSONS, *checks], saved, "learner")
    author.sign_in(site.world.instructor)
    checks = _checks(author, f"{LONG_EDIT}/preview/01-cek.md")
    problems += _crawl(author, ["/teach/new", *LONG_EDITED, *checks], saved, "author")
    problems += _import(author, saved)
    assert problems == []


def _checks(visit: Visit, path: str) -> list[str]:
    """The addresses of the first self-check of a page answered wrongly and left empty."""
    visit.go(path)
    check = visit.page.locator("form.check").first
    key = check.get_attribute("id")
    wrong = check.locator("input[type=radio]").first.get_attribute("value")
    return [f"{path}?cek={key}&jawab={wrong}", f"{path}?cek={key}"]


def _import(author: Visit, saved: Path) -> list[str]:
    """Questions pasted, confirmed and read."""
    author.go("/teach/question_bank")
    author.page.get_by_label("Soal bernomor").fill(PASTED)
    with author.page.expect_navigation() as confirm:
        author.page.get_by_role("button", name="Baca teks").click()
    found = _look(author, confirm.value, saved, "author")
    with author.page.expect_navigation() as done:
        author.page.get_by_role("button", name="Jadikan bank soal").click()
    return found + _look(author, done.value, saved, "author")


def test_the_pages_seen_are_valid(saved: Path) -> None:
    if not JAR.exists() or shutil.which("java") is None:
        missing("vnu-jar with Java")
    command = ["java", "-Xss2m", "-jar", str(JAR), "--format", "json", "--stdout", str(saved)]
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
    phone.begin("keamanan-informasi")
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
    with first.page.expect_navigation(wait_until="networkidle"):
        first.page.get_by_role("button", name="Selesai, lanjut").click()
    assert weights
    later = {i: w for i, w in weights.items() if kinds.get(i) != "Image"}
    assert sum(later.values()) <= LONGEST_NEXT
