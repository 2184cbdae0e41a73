"""The shapes of questions: what is written, and what it becomes."""

from __future__ import annotations

import pytest

from elearn.content.course import CompetencyLevel, Difficulty, Reveal, Shape
from elearn.content.keys import NumberKey, TextKey
from tests.content.sources import HEAD, LESSON, compiled, errors, question, warnings, with_question

ENGLISH = HEAD.replace("jp: 1", "jp: 1\nbahasa: en")
SINGLE = "- [ ] 10\n- [x] 20\n- [ ] 30\n"


def _ticks(body: str, head: str = HEAD) -> list[tuple[str, bool]]:
    return [(option.html, option.correct) for option in question(body, head).options]


@pytest.mark.parametrize(
    "body",
    [
        SINGLE,
        "- [] 10\n- [X] 20\n- [ ] 30\n",
        "- [ ] 10\n- [x ] 20\n- [ ] 30\n",
        "- [ ] 10\n- [v] 20\n- [ ] 30\n",
        "- [ ] 10\n- [✓] 20\n- [ ] 30\n",
        "* [ ] 10\n* [x] 20\n* [ ] 30\n",
        "+ [ ] 10\n+ [x] 20\n+ [ ] 30\n",
        "-\u00a0[\u00a0]\u00a010\n- [x] 20\n- [ ] 30\n",
        "1. [ ] 10\n2. [x] 20\n3. [ ] 30\n",
        "- [ ] 10\n* [x] 20\n- [ ] 30\n",
        "- [ ] 10\n\n- [x] 20\n\n- [ ] 30\n",
        "- 10\n- 20\n- 30\n\nKunci: B\n",
        "- 10\n- 20\n- 30\n\nKunci: 2\n",
        "1. 10\n2. 20\n3. 30\n\nKunci: 2\n",
        "1. 10\n2. 20\n3. 30\n\nJawaban: b\n",
        "a. 10\nb. 20\nc. 30\n\nKunci jawaban: b\n",
        "A. 10\nB. 20\nC. 30\nKunci: B\n",
        "A) 10\nB) 20\nC) 30\n\nJawab : B.\n",
        "- 10\n- 20\n- 30\n\n**Kunci:** b\n",
        "- 10\n- 20\n- 30\n\nKunci: 20\n",
        "- [ ] 10\n- [ ] 20\n- [ ] 30\n\nKunci: B\n",
        "Jawaban:\n\n- [ ] 10\n- [x] 20\n- [ ] 30\n",
        "- 10\n- 20\n- 30\n\nAnswer key: B\n",
        "- [ ] 10\n- [x] 20\n- [ ] 30\n\n<!-- catatan penulis -->\n",
    ],
)
def test_forgiving_ways_to_write_a_single_choice(body: str) -> None:
    assert question(body).shape is Shape.SINGLE
    assert _ticks(body) == [("10", False), ("20", True), ("30", False)]


@pytest.mark.parametrize(
    "body",
    [
        "- [x] a b\n- [x] c\n- [ ] d\n",
        "- a b\n- c\n- d\n\nKunci: a, b\n",
        "- a b\n- c\n- d\n\nKunci: A dan B\n",
        "1. a b\n2. c\n3. d\n\nKunci: 1, 2\n",
    ],
)
def test_several_ticks_make_a_multiple_choice(body: str) -> None:
    assert question(body).shape is Shape.MULTIPLE
    assert _ticks(body) == [("a b", True), ("c", True), ("d", False)]


@pytest.mark.parametrize(
    ("body", "truth"),
    [
        ("- [x] Benar\n- [ ] Salah\n", True),
        ("- [ ] Benar\n- [x] Salah\n", False),
        ("- [x] Salah\n- [ ] Benar\n", False),
        ("Jawaban: Benar\n", True),
        ("Jawaban: salah.\n", False),
        ("**Jawaban:** Benar\n", True),
        ("**Jawaban**: Salah\n", False),
        ("Answer: False\n", False),
        ("- Benar\n- Salah\n\nKunci: Benar\n", True),
    ],
)
def test_true_or_false(body: str, truth: bool) -> None:
    found = question(body)
    right = next(option for option in found.options if option.correct)
    assert found.shape is Shape.TRUE_FALSE
    assert (right.html == "Benar") is truth
    assert not found.shuffled


def test_true_or_false_speaks_the_language_of_the_course() -> None:
    assert _ticks("Answer: true\n", ENGLISH) == [("True", True), ("False", False)]


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ("Jawaban: warga\n", TextKey(("warga",))),
        ("Jawaban: masyarakat | warga\n", TextKey(("masyarakat", "warga"))),
        ("`salah ketik 1`\n\nJawaban: inspektorat\n", TextKey(("inspektorat",), 1)),
        ("Jawaban: *\n", TextKey(("*",))),
        ("Jawaban: a \\| b | c\n", TextKey(("a | b", "c"))),
        ("Jawaban: PP 11/2017\n", TextKey(("PP 11/2017",))),
        ("Jawaban: 12 Desember 2020\n", TextKey(("12 Desember 2020",))),
        ("Jawaban: UU 27 Tahun 2022 | UU PDP\n", TextKey(("UU 27 Tahun 2022", "UU PDP"))),
        ("Kunci: gotong royong\n", TextKey(("gotong royong",))),
    ],
)
def test_short_text(body: str, key: TextKey) -> None:
    found = question(body)
    assert found.shape is Shape.TEXT
    assert found.key == key


@pytest.mark.parametrize(
    ("written", "low", "high", "unit"),
    [
        ("75", "75", "75", ""),
        ("75 ± 0,5", "74.5", "75.5", ""),
        ("75 +- 0,5", "74.5", "75.5", ""),
        ("75 +/- 0,5", "74.5", "75.5", ""),
        ("75 ± 2%", "73.5", "76.5", ""),
        ("70..80", "70", "80", ""),
        ("70…80 kg", "70", "80", "kg"),
        ("75 % ± 0,5", "74.5", "75.5", "%"),
        ("75%", "75", "75", "%"),
        ("20 JP", "20", "20", "JP"),
        ("1.250", "1250", "1250", ""),
        ("1.250.000,5", "1250000.5", "1250000.5", ""),
        ("Rp 50.000", "50000", "50000", "Rp"),
        ("-5", "-5", "-5", ""),
        ("−5 ± 1 °C", "-6", "-4", "°C"),
        ("0", "0", "0", ""),
        ("60 km/jam", "60", "60", "km/jam"),
        ("0,50", "0.5", "0.5", ""),
    ],
)
def test_numbers_with_tolerance_and_unit(written: str, low: str, high: str, unit: str) -> None:
    found = question(f"Jawaban: {written}\n")
    assert found.shape is Shape.NUMBER
    assert found.key == NumberKey(low, high, unit, written)


def test_an_english_course_writes_a_decimal_point() -> None:
    found = question("Answer: 1,250.5 ± 0.5\n", ENGLISH)
    assert found.key == NumberKey("1250", "1251", "", "1,250.5 ± 0.5")


def test_a_list_in_the_stem_is_no_answer() -> None:
    found = question("Perhatikan:\n\n- Senin 5\n- Selasa 7\n\nJawaban: 12\n")
    assert found.shape is Shape.NUMBER
    assert "<li>Senin 5</li>" in found.stem_html


def test_a_numbered_list_before_a_sentence_is_part_of_the_stem() -> None:
    found = question("1. Satu\n2. Dua\n\nBerapa langkah?\n\nJawaban: 2\n")
    assert found.key == NumberKey("2", "2", "", "2")
    assert "<ol>" in found.stem_html


def test_arrows_in_a_task_list_are_only_text() -> None:
    assert _ticks("- [x] a → b\n- [ ] b → a\n") == [("a → b", True), ("b → a", False)]


def test_hint_feedback_and_explanation() -> None:
    found = question(
        "> Petunjuk: satu\n\n> Petunjuk: dua\n\n- [ ] 10\n  > Kurang **sepuluh**.\n- [x] 20\n\n"
        "> Karena begitu.\n>\n> Sungguh.\n"
    )
    assert found.hints_html == ("<p>Satu</p>", "<p>Dua</p>")
    assert found.options[0].feedback_html == "<p>Kurang <strong>sepuluh</strong>.</p>"
    assert found.explanation_html == "<p>Karena begitu.</p>\n<p>Sungguh.</p>"


def test_hint_and_explanation_need_no_quote_mark() -> None:
    found = question("Petunjuk: satu\n\nJawaban: 5\n\nPembahasan: karena lima.\n")
    assert found.hints_html == ("<p>Satu</p>",)
    assert found.explanation_html == "<p>Karena lima.</p>"


def test_a_quote_at_the_margin_belongs_to_the_option_above() -> None:
    found = question("- [ ] 10\n> Kurang.\n- [x] 20\n- [ ] 30\n\n> Dua puluh.\n")
    assert [option.feedback_html for option in found.options] == ["<p>Kurang.</p>", "", ""]
    assert found.explanation_html == "<p>Dua puluh.</p>"


def test_a_quote_before_the_answer_is_part_of_the_stem() -> None:
    found = question("> Bunyi surat itu.\n\n" + SINGLE)
    assert "<blockquote>" in found.stem_html
    assert found.explanation_html == ""


def test_chips_of_a_question() -> None:
    found = question(
        "`#jp-pns` `3 poin` `@M.05:2` · `@DIG.AMAN:1`\n`sulit` `urut tetap` `anulir`\n\n" + SINGLE
    )
    assert (found.id, found.points, found.difficulty) == ("jp-pns", 3, Difficulty.HARD)
    assert found.competencies == (CompetencyLevel("M.05", 2), CompetencyLevel("DIG.AMAN", 1))
    assert not found.shuffled
    assert found.voided


def test_chips_have_english_words() -> None:
    found = question("`2 points` `hard` `partial`\n\n- [x] a\n- [x] b\n- [ ] c\n")
    assert (found.points, found.difficulty, found.partial) == (2, Difficulty.HARD, True)


def test_an_option_may_stay_last() -> None:
    found = question("- [x] 20\n- [ ] Semua salah `tetap`\n")
    assert [(o.html, o.stays_last) for o in found.options] == [("20", False), ("Semua salah", True)]


def test_code_in_an_option_is_no_chip() -> None:
    assert _ticks("- [x] `ls`\n- [ ] pakai `rm`\n")[0] == ("<code>ls</code>", True)


def test_the_heading_begins_the_stem() -> None:
    assert question(SINGLE).stem_html == "<p>Berapa?</p>"
    both = question("Pak Edi menghitung.\n\n" + SINGLE).stem_html
    assert both == "<p><strong>Berapa?</strong></p>\n<p>Pak Edi menghitung.</p>"


@pytest.mark.parametrize("heading", ["Soal 1", "Pertanyaan 12", "Soal", "3."])
def test_a_generic_heading_is_no_stem_and_no_name(heading: str) -> None:
    text = f"{LESSON}## Kuis: Uji\n\n### {heading}\n\nBerapa hari cuti?\n\n{SINGLE}"
    course = compiled({"01-satu.md": text}).course
    assert course is not None
    found = course.quizzes[0].pools[0].questions[0]
    assert (found.id, found.stem_html) == ("berapa-hari-cuti", "<p>Berapa hari cuti?</p>")


def test_the_keys_of_options_do_not_depend_on_their_order() -> None:
    first = question("- [ ] 10\n- [x] 20\n")
    second = question("- [x] 20\n- [ ] 10\n")
    assert {o.key for o in first.options} == {o.key for o in second.options}
    assert first.digest != second.digest


@pytest.mark.parametrize(
    "changed",
    [
        SINGLE.replace("30", "40"),
        SINGLE.replace("[x] 20", "[ ] 20").replace("[ ] 10", "[x] 10"),
        SINGLE + "\n> Karena.\n",
        "`2 poin`\n\n" + SINGLE,
        "`@M.05:1`\n\n" + SINGLE,
        "> Petunjuk: a\n\n" + SINGLE,
        "Tambahan.\n\n" + SINGLE,
        "`#lain`\n\n" + SINGLE,
    ],
)
def test_any_change_makes_another_version_of_a_question(changed: str) -> None:
    assert question(changed).digest != question(SINGLE).digest


def test_spare_blank_lines_make_no_new_version() -> None:
    assert question("\n\n" + SINGLE + "\n\n").digest == question(SINGLE).digest


def test_settings_of_a_quiz() -> None:
    text = (
        f"{LESSON}## Kuis: Uji akhir\n\n`lulus 85` `maks 2x` `waktu 20 menit` `acak soal` "
        f"`buka pembahasan: tidak pernah`\n\nPengantar.\n\n### Berapa?\n\n{SINGLE}"
    )
    done = compiled({"01-satu.md": text})
    assert done.course is not None
    quiz = done.course.quizzes[0]
    assert (quiz.key, quiz.pass_percent, quiz.max_attempts) == ("uji-akhir", 85, 2)
    assert (quiz.time_limit_minutes, quiz.shuffled, quiz.reveal) == (20, True, Reveal.NEVER)
    assert quiz.intro_html == "<p>Pengantar.</p>"
    assert any("dibatasi waktu" in told for told in warnings(done))


def test_a_quiz_without_chips_has_the_usual_rules() -> None:
    course = with_question(SINGLE).course
    assert course is not None
    quiz = course.quizzes[0]
    assert (quiz.pass_percent, quiz.max_attempts, quiz.reveal) == (70, 3, Reveal.AFTER_PASS)


BANK = """# Bank: Dasar

## Satu?

`@M.05:1` `mudah`

Jawaban: a

## Dua?

`@M.05:2` `sulit`

Jawaban: b

## Tiga?

`@M.06:1` `mudah`

Jawaban: c
"""


@pytest.mark.parametrize(
    ("chips", "count"),
    [
        ("`ambil 1`", 3),
        ("`ambil 1` `@M.05`", 2),
        ("`ambil 1` `@M.05:2`", 1),
        ("`ambil 1` `mudah`", 2),
        ("`ambil 1` `@M.05` `@M.06` `mudah`", 2),
    ],
)
def test_a_pool_draws_from_a_bank_by_filters(chips: str, count: int) -> None:
    text = f"{LESSON}## Kuis: Uji\n\n### Kelompok: Dasar\n\n{chips}\n\n[Bank](bank/dasar.md)\n"
    course = compiled({"01-satu.md": text, "bank/dasar.md": BANK}).course
    assert course is not None
    pool = course.quizzes[0].pools[0]
    assert (pool.title, pool.draw, len(pool.questions)) == ("Dasar", 1, count)


def test_one_attempt_cannot_draw_a_question_twice() -> None:
    pool = "### Kelompok: {}\n\n`ambil 1`\n\n[Bank](bank/dasar.md)\n\n"
    text = f"{LESSON}## Kuis: Uji\n\n{pool.format('A')}{pool.format('B')}"
    told = errors(compiled({"01-satu.md": text, "bank/dasar.md": BANK}))
    assert len(told) == 1
    assert "dapat terambil dua kali" in told[0]


@pytest.mark.parametrize(
    ("body", "fragment"),
    [
        ("- [x] 20\n- [ ] 20.\n", "sama dengan pilihan lain"),
        ("- [x] 20\n- [ ] 30\n- [ ] A dan B benar\n", "`A dan B benar` menyesatkan"),
        ("- [x] 20\n- [ ] 30\n- [ ] Semua benar\n", "beri `tetap` pada `Semua benar`"),
    ],
)
def test_weak_options_are_warned_of(body: str, fragment: str) -> None:
    told = warnings(with_question(body))
    assert len(told) == 1
    assert fragment in told[0]


def test_a_fixed_order_may_speak_of_other_options() -> None:
    assert warnings(with_question("`urut tetap`\n\n- [x] 20\n- [ ] A dan B benar\n")) == []


def test_a_key_that_is_always_the_longest_is_warned_of() -> None:
    body = "- [x] Jawaban yang panjang sekali\n- [ ] Pendek\n"
    text = LESSON + "## Kuis: Uji\n\n" + "".join(f"### Nomor {n} apa?\n\n{body}\n" for n in "abcd")
    told = warnings(compiled({"01-satu.md": text}))
    assert [t for t in told if "selalu pilihan yang terpanjang" in t] == [
        "01-satu.md:8: peringatan: jawaban benar selalu pilihan yang terpanjang. "
        "Samakan panjang pilihannya."
    ]
