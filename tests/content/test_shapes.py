"""Shapes with parts: matching, ordering, cloze, several answers, essays; and surveys."""

from __future__ import annotations

import pytest

from elearn.content import stored
from elearn.content.course import Question, RuleKind, Shape, Survey
from elearn.content.keys import (
    ClozeKey,
    EssayKey,
    ExpectedKey,
    Gap,
    MatchingKey,
    NumberKey,
    ScaleKey,
    TextKey,
)
from tests.content.sources import HEAD, LESSON, compiled, errors, question, with_question

ENGLISH = HEAD.replace("jp: 1", "jp: 1\nbahasa: en")
PAIRS = "- Inspektorat → pengawasan\n- BKPSDM -> kompetensi\n- → pengadaan\n"


def _titled(title: str, body: str, head: str = HEAD) -> Question:
    text = f"{LESSON}## Kuis: Uji\n\n### {title}\n\n{body}"
    done = compiled({"course.md": head, "01-satu.md": text})
    assert done.course is not None, errors(done)
    return done.course.quizzes[0].pools[0].questions[0]


def _survey(body: str, chips: str = "") -> Survey:
    done = compiled({"01-satu.md": f"{LESSON}## Survei: Kesan\n\n{chips}\n\n{body}"})
    assert done.course is not None, errors(done)
    return done.course.lessons[0].surveys[0]


def test_arrows_make_a_matching_with_distractors() -> None:
    found = question(PAIRS)
    assert isinstance(found.key, MatchingKey)
    assert found.shape is Shape.MATCHING
    assert [o.html for o in found.options] == ["pengawasan", "kompetensi", "pengadaan"]
    assert [o.correct for o in found.options] == [True, True, False]
    assert [(p.html, p.option) for p in found.key.prompts] == [
        ("Inspektorat", found.options[0].key),
        ("BKPSDM", found.options[1].key),
    ]


def test_two_left_sides_may_share_a_right_side() -> None:
    found = question("- apel => buah\n- jeruk → Buah\n- bayam → sayur\n")
    assert isinstance(found.key, MatchingKey)
    assert len(found.options) == 2
    assert found.key.prompts[0].option == found.key.prompts[1].option


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Urutkan langkahnya", "1. Terima\n2. Pilah\n"),
        ("Apa tahapnya?", "1. Terima\n2. Pilah\n"),
        ("Bagaimana?", "`urutkan`\n\n1. Terima\n2. Pilah\n"),
        ("Put the steps in order", "1. Terima\n2. Pilah\n"),
        ("Bagaimana?", "`ordering`\n\n1. Terima\n2. Pilah\n"),
    ],
)
def test_a_numbered_list_at_the_end_is_an_ordering(title: str, body: str) -> None:
    found = _titled(title, body)
    assert (found.shape, found.shuffled) == (Shape.ORDERING, True)
    assert [o.html for o in found.options] == ["Terima", "Pilah"]


def test_arrows_in_steps_stay_text_where_the_chip_says_so() -> None:
    assert question("`urutkan`\n\n1. a → b\n2. b → c\n").shape is Shape.ORDERING


@pytest.mark.parametrize(
    ("written", "gap"),
    [
        ("[[warga]]", Gap(TextKey(("warga",)))),
        ("[[20|dua puluh]]", Gap(TextKey(("20", "dua puluh")))),
        ("[[75 ± 0,5]]", Gap(NumberKey("74.5", "75.5", "", "75 ± 0,5"))),
        ("[[ (benar) | salah ]]", Gap(None, ("benar", "salah"), ("benar",))),
        ("[[ c | (b) | (a) ]]", Gap(None, ("a", "b", "c"), ("b", "a"))),
        ("[[Undang-Undang (UU) | UU]]", Gap(TextKey(("Undang-Undang (UU)", "UU")))),
    ],
)  # fmt: skip
def test_gaps_of_a_cloze(written: str, gap: Gap) -> None:
    found = question(f"Aduan {written} itu.\n")
    assert found.shape is Shape.CLOZE
    assert found.key == ClozeKey(
        ("<p><strong>Berapa?</strong></p>\n<p>Aduan ", " itu.</p>"), (gap,)
    )
    assert found.stem_html.endswith("<p>Aduan (1) ____ itu.</p>")


def test_a_cloze_keeps_its_lists_and_its_name_tells_no_answer() -> None:
    found = _titled("Ibu kota Jambi [[Jambi]]", "Isi:\n\n- kepala [[Budi]]\n- [[Ani]] wakil\n")
    assert isinstance(found.key, ClozeKey)
    assert [gap.shown for gap in found.key.gaps] == ["Jambi", "Budi", "Ani"]
    assert found.id == "ibu-kota-jambi"
    assert "<li>kepala (2) ____</li>" in found.stem_html


def test_a_slip_is_forgiven_in_gaps_and_code_is_no_gap() -> None:
    found = question("`salah ketik 1`\n\nTulis `[[a]]` dan [[inspektorat]].\n")
    assert isinstance(found.key, ClozeKey)
    assert found.key.gaps == (Gap(TextKey(("inspektorat",), 1)),)
    assert "<code>[[a]]</code>" in found.stem_html


def test_choices_of_a_gap_may_stay_as_written() -> None:
    found = question("`urut tetap`\n\nNilai [[ rendah | (sedang) | tinggi ]].\n")
    assert isinstance(found.key, ClozeKey)
    assert found.key.gaps[0].choices == ("rendah", "sedang", "tinggi")


def test_several_answers_with_weights_and_feedback() -> None:
    found = question(
        "Jawaban:\n\n- 75 ± 0,5\n- 25 `0%`\n  > Itu **belum**.\n- 0,75 `50%`\n\n> Akhir.\n"
    )
    assert isinstance(found.key, ExpectedKey)
    assert found.shape is Shape.NUMBER
    assert [(e.percent, e.feedback_html) for e in found.key.answers] == [
        (100, ""),
        (0, "<p>Itu <strong>belum</strong>.</p>"),
        (50, ""),
    ]
    assert (found.key_shown, found.explanation_html) == ("75 ± 0,5", "<p>Akhir.</p>")


def test_words_among_the_answers_make_a_short_text() -> None:
    found = question("`salah ketik 1`\n\nAnswer:\n\n- masyarakat | warga\n- 20\n- * `0%`\n")
    assert isinstance(found.key, ExpectedKey)
    assert found.shape is Shape.TEXT
    assert found.key.answers[0].key == TextKey(("masyarakat", "warga"), 1)


def test_a_wrong_option_may_earn_a_part() -> None:
    found = question("- [x] 75\n- [ ] 0,75 `50%`\n- [ ] Lainnya `0%` `tetap`\n")
    assert [o.percent for o in found.options] == [None, 50, 0]
    assert found.options[2].stays_last


@pytest.mark.parametrize(
    "body",
    [
        "Jawaban: uraian\n\n> Rubrik:\n>\n> - Dasar hukum `2 poin`\n> - Contoh `1 poin`\n",
        "> Rubrik: Dasar hukum `2 poin`; Contoh `1 poin`.\n\nJawaban: uraian\n",
        "Jawaban: esai\n\nRubrik:\n\n1. Dasar hukum `2 poin`\n2. Contoh `1 poin`\n",
        "`3 poin`\n\nAnswer: essay\n\n> Rubric:\n> Dasar hukum `2 points`\n> Contoh `1 point`\n",
    ],
)
def test_an_essay_has_the_points_of_its_rubric(body: str) -> None:
    found = question(body)
    assert isinstance(found.key, EssayKey)
    assert (found.shape, found.points) == (Shape.ESSAY, 3)
    assert [(c.html, c.points) for c in found.key.criteria] == [("Dasar hukum", 2), ("Contoh", 1)]


def test_a_rubric_alone_is_told_what_is_missing() -> None:
    told = errors(with_question("> Rubrik: Isi `2 poin`\n"))
    assert len(told) == 1
    assert "`Jawaban: uraian`" in told[0]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("1..5 (tidak setuju … sangat setuju)", ScaleKey(1, 5, "tidak setuju", "sangat setuju")),
        ("0-10", ScaleKey(0, 10)),
        ("1…4 (buruk ... baik)", ScaleKey(1, 4, "buruk", "baik")),
    ],
)
def test_a_scale(written: str, key: ScaleKey) -> None:
    found = _survey(f"### Setuju?\n\nSkala: {written}\n").questions[0]
    assert (found.shape, found.key) == (Shape.SCALE, key)


def test_a_survey_asks_without_keys() -> None:
    survey = _survey(
        "### Mana?\n\n- [ ] a\n- [ ] b\n\n### Apa saja?\n\n`boleh beberapa`\n\n- a\n- b\n\n"
        "### Setuju?\n\nScale: 1..5 (no … yes)\n\n### Apa lagi?\n\nJawaban: uraian\n\n### Saran\n",
        "`#akhir`\n\nTerima kasih.",
    )
    shapes = [Shape.SINGLE, Shape.MULTIPLE, Shape.SCALE, Shape.ESSAY, Shape.ESSAY]
    assert (survey.key, survey.title, survey.intro_html) == (
        "akhir",
        "Kesan",
        "<p>Terima kasih.</p>",
    )
    assert [q.shape for q in survey.questions] == shapes
    assert not any(option.correct for q in survey.questions for option in q.options)


def test_a_course_may_ask_for_its_surveys() -> None:
    head = HEAD.replace("jp: 1", "jp: 1\nselesai: materi 100%, survei")
    done = compiled({"course.md": head, "01-satu.md": f"{LESSON}## Survei: Kesan\n\n### Saran\n"})
    assert done.course is not None
    assert [rule.kind for rule in done.course.rules] == [RuleKind.LESSONS, RuleKind.SURVEYS]


def test_essays_may_be_marked_without_names() -> None:
    text = f"{LESSON}## Kuis: Uji\n\n`nilai anonim`\n\n### Berapa?\n\nJawaban: 5\n"
    course = compiled({"01-satu.md": text}).course
    assert course is not None
    assert course.quizzes[0].anonymous


@pytest.mark.parametrize(
    "body",
    [
        PAIRS,
        "`urutkan`\n\n1. a\n2. b\n",
        "Isi [[a]] dan [[ (b) | c ]].\n",
        "Jawaban:\n\n- 5\n- 6 `0%`\n",
        "Jawaban: uraian\n\n> Rubrik: Isi `2 poin`\n",
        "- [x] a\n- [ ] b `50%`\n",
    ],
)
def test_every_shape_is_stored_and_read_again(body: str) -> None:
    found = question(body)
    assert stored.decode(Question, stored.encode(found)) == found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (PAIRS, PAIRS.replace("pengawasan", "pemeriksaan")),
        ("`urutkan`\n\n1. a\n2. b\n", "`urutkan`\n\n1. b\n2. a\n"),
        ("Isi [[a]].\n", "Isi [[b]].\n"),
        ("Jawaban:\n\n- 5\n- 6 `0%`\n", "Jawaban:\n\n- 5\n- 6 `10%`\n"),
        ("Jawaban:\n\n- 5\n  > a\n", "Jawaban:\n\n- 5\n  > b\n"),
        ("Jawaban: uraian\n\n> Rubrik: a `2 poin`\n", "Jawaban: uraian\n\n> Rubrik: b `2 poin`\n"),
        ("- [x] a\n- [ ] b `50%`\n", "- [x] a\n- [ ] b `40%`\n"),
    ],
)
def test_another_key_is_another_version(before: str, after: str) -> None:
    assert question(before).digest != question(after).digest
