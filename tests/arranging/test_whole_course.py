"""Somebody who never saw Markdown makes and publishes a course, without any script."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from elearn.content import catalogue, drafts
from elearn.editing.preview import compiled
from tests.editing.test_pages import EDIT, budi, cast, page
from tests.people_cast import Cast

__all__ = ["budi", "cast"]
CONTROL = re.compile(
    r"<input (?P<input>[^>]*)>|<textarea (?P<area>[^>]*)>(?P<text>[^<]*)</textarea>"
    r'|<select name="(?P<select>[^"]*)">(?P<options>.*?)</select>',
    re.DOTALL,
)
QUESTIONS = (
    ("single", {"title": "Siapa yang dilayani lebih dahulu?"}),
    ("multiple", {"title": "Apa saja yang dicatat?"}),
    ("true_false", {"title": "Aduan lisan dicatat"}),
    ("text", {"title": "Di mana aduan dicatat?", "answer": "buku aduan"}),
    ("number", {"title": "Berapa menit satu JP?", "answer": "45 menit"}),
)


def form_of(body: str, action: str, mark: str = "") -> dict[str, Any]:
    """What a browser would send of the first form with an address, as it stands."""
    forms = re.findall(r"<form [^>]*?action=\"([^\"]*)\"[^>]*>(.*?)</form>", body, re.DOTALL)
    fields = next(inner for at, inner in forms if unescape(at).endswith(action) and mark in inner)
    sent: dict[str, Any] = {}
    for found in CONTROL.finditer(fields):
        _send(sent, found)
    return sent


def _send(sent: dict[str, Any], found: re.Match[str]) -> None:
    if found["select"]:
        options = re.findall(r'<option value="([^"]*)"( selected)?', found["options"])
        value = next((value for value, chosen in options if chosen), options[0][0])
        sent[found["select"]] = unescape(value)
        return
    attributes = dict(re.findall(r'(\w+)="([^"]*)"', found["input"] or found["area"]))
    kind, name = attributes.get("type", "text"), attributes.get("name", "")
    if found["area"]:
        sent[name] = unescape(found["text"]).removeprefix("\n")
    elif kind in ("checkbox", "radio"):
        if re.search(r"\bchecked\b", found["input"]):
            sent.setdefault(name, []).append(unescape(attributes.get("value", "on")))
    elif kind != "file":
        sent[name] = unescape(attributes.get("value", ""))


def send(client: FlaskClient, at: str, act: str, mark: str = "", **typed: Any) -> TestResponse:
    """Fill a form of a page in and send it; the next page must come."""
    data = {**form_of(page(client, at), act, mark), **typed}
    answer = client.post(f"{EDIT}/{act}", data=data)
    assert answer.status_code in (302, 303), (act, answer.get_data(as_text=True))
    return answer


def added(client: FlaskClient, kind: str, title: str) -> str:
    answer = send(client, f"{EDIT}/order", "files", kind=kind, title=title)
    return answer.location.rpartition("/form/")[2]


def test_a_course_is_made_without_markdown_and_script(
    app: Flask, budi: FlaskClient, cast: Cast
) -> None:
    send(budi, f"{EDIT}/form/course.md", "settings/course.md", **{"jp": "1", "code-1": "M.06"})
    lesson = added(budi, "lesson", "Mencatat aduan")
    form = f"{EDIT}/form/{lesson}"
    send(budi, form, f"settings/{lesson}", menit="10")
    send(budi, form, f"text/{lesson}", text="Dengarkan dahulu.\r\n\r\nCatat kemudian.")
    quiz = added(budi, "quiz", "Ujian")
    form = f"{EDIT}/form/{quiz}"
    for at, (shape, typed) in enumerate(QUESTIONS):
        send(budi, form, f"add/{quiz}", shape=shape, room="0")
        send(budi, form, f"form/{quiz}", f'name="question" value="{at}"', **typed)
    send(budi, form, f"head/{quiz}", pass_percent="80")
    survey = added(budi, "survey", "Pendapat Anda")
    send(budi, f"{EDIT}/form/{survey}", f"add/{survey}", "survey", shape="essay", room="0")
    send(budi, f"{EDIT}/order", "order", f'value="{survey}"')
    assert "Catat kemudian." in page(budi, f"{EDIT}/preview/{lesson}")
    course = compiled(drafts.authored(cast.budi.id, "layanan-prima")).course
    assert course is not None
    ujian = next(quiz for quiz in course.quizzes if quiz.title == "Ujian")
    assert (ujian.question_count, ujian.pass_percent) == (5, 80)
    answer = budi.post(f"{EDIT}/publish")
    assert budi.post(f"{answer.location}/release", data={"against": "0"}).status_code == 303
    assert [link.title for link in catalogue.links(["layanan-prima"])] == ["Layanan prima"]


def test_every_form_of_every_page_sent_as_shown_changes_nothing(
    budi: FlaskClient, cast: Cast
) -> None:
    course_id = drafts.authored(cast.budi.id, "layanan-prima").course_id
    before = drafts.contents(course_id)
    sent = 0
    for path in before:
        body = page(budi, f"{EDIT}/form/{path}")
        for act in ("settings", "text", "head", "form"):
            marks = re.findall(rf'action="{EDIT}/{act}/[^"]*">(.*?)</form>', body, re.DOTALL)
            for inner in marks:
                data = form_of(f'<form x action="{act}">{inner}</form>', act)
                answer = budi.post(f"{EDIT}/{act}/{path}", data=data)
                assert answer.status_code == 303, (act, path, answer.get_data(as_text=True)[:0])
                sent += 1
    assert sent > 8
    assert drafts.contents(course_id) == before
