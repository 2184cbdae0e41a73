"""What every page must be: accessible as axe sees it, valid as the Nu checker reads it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.chromium import missing

JAR = Path(__file__).resolve().parents[1] / ".venv" / "vnu" / "vnu.jar"
AXE = Axe().axe_script
# Only what is wrong comes back: to send all that is well costs as much as a third of the checks.
VIOLATIONS = "axe.run({resultTypes: ['violations']}).then((found) => found.violations)"


def axe(page: Page, where: str) -> list[str]:
    """What axe finds in a page as it stands."""
    page.evaluate(AXE)
    found = page.evaluate(VIOLATIONS)
    return [f"{where}: {v['id']}: {v['nodes'][0]['html'][:160]}" for v in found]


def html_errors(folder: Path) -> list[str]:
    """What the Nu checker finds in the pages saved in a folder."""
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
    return sorted(errors)
