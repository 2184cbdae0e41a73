"""The pretest in the front matter: two forms alike by tag, and every way to ask for too much."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.content.compiler import Compiled
from elearn.content.course import Difficulty, Pretest
from elearn.content.difference import Fact, difference
from elearn.content.outline import decode, encode, outline_of
from elearn.content.pretests import pair_up
from tests.builders import a_question
from tests.content.sources import HEAD, LESSON, compiled, errors, warnings

TAGS = ("`@M.05:1` `mudah`", "`@M.05:2` `sedang`", "`@M.06:1` `sulit`")

OPTIONS = "- [x] Ya\n- [ ] Tidak\n"


def a_bank(count: int = 9, name: str = "s", tags: tuple[str, ...] = TAGS) -> str:
    """A bank of choices whose tags take turns."""
    return "# Bank: Dasar\n\n" + "\n".join(
        f"## Soal {name} nomor {n}?\n\n`#{name}{n}` {tags[n % len(tags)]}\n\n{OPTIONS}\n"
        for n in range(count)
    )


def a_pool(path: str = "bank/dasar.md", draw: int = 3) -> str:
    return f"### Kelompok: {path}\n\n`ambil {draw}`\n\n[Bank]({path})\n\n"


def a_course(
    asked: str = "bank/dasar.md ambil 3", pools: str = "", bank: str = "", **more: str
) -> Compiled:
    """A course with a pretest, a lesson and a final quiz that draws from its bank."""
    head = HEAD.replace("jp: 1\n", f"jp: 1\nuji-awal: {asked}\n")
    quiz = f"{LESSON}## Kuis: Akhir\n\n{pools or a_pool()}"
    return compiled(
        {"course.md": head, "01-satu.md": quiz, "bank/dasar.md": bank or a_bank(), **more}
    )


def forms_of(done: Compiled) -> Pretest:
    assert done.course, [str(problem) for problem in done.problems]
    assert done.course.pretest
    return done.course.pretest


def test_a_form_asks_a_question_of_each_pair_and_both_have_the_same_tags() -> None:
    done = a_course()
    first, second = forms_of(done).forms
    assert [q.id for q in first] == ["s0", "s4", "s2"]
    assert [q.id for q in second] == ["s3", "s1", "s5"]
    assert Counter(q.stratum for q in first) == Counter(q.stratum for q in second)
    assert (errors(done), warnings(done)) == ([], [])


def test_several_banks_give_their_share_each() -> None:
    more = {"bank/lain.md": a_bank(6, "t")}
    done = a_course(
        "[bank/dasar.md ambil 2, ./bank/lain.md ambil 1]",
        a_pool() + a_pool("bank/lain.md", 2),
        **more,
    )
    assert [[id_[0] for id_ in form] for form in forms_of(done).ids] == [["s", "s", "t"]] * 2


def test_a_form_as_a_quiz_is_asked_once_without_a_mark_and_reveals_nothing() -> None:
    quiz = forms_of(a_course()).quiz(1)
    assert (quiz.question_count, quiz.max_attempts, quiz.pass_percent) == (3, 1, 0)
    assert quiz.reveal == "tidak pernah"


def test_minutes_and_jp_are_the_same_with_and_without() -> None:
    plain = a_course().course
    without = compiled(
        {"01-satu.md": f"{LESSON}## Kuis: Akhir\n\n{a_pool()}", "bank/dasar.md": a_bank()}
    ).course
    assert plain
    assert without
    assert (plain.minutes, plain.jp) == (without.minutes, without.jp)
    assert plain.digest != without.digest
    assert without.pretest is None


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("bank/dasar.md", "harus ditulis seperti `bank/dasar.md ambil 8`"),
        ("bank/dasar.md ambil 0", "harus ditulis seperti"),
        ("ambil 3", "harus ditulis seperti"),
        ("", "harus ditulis seperti"),
        ("{bank: 3}", "harus berupa daftar"),
        (
            "bank/dasr.md ambil 3",
            "bank `bank/dasr.md` tidak ditemukan. Maksud Anda `bank/dasar.md`?",
        ),
        ("[bank/dasar.md ambil 1, ./bank/dasar.md ambil 1]", "disebut dua kali"),
        ("bank/dasar.md ambil 5", "memerlukan 10 soal `bank/dasar.md`"),
    ],
)
def test_what_is_amiss_is_told_once_at_its_line(asked: str, told: str) -> None:
    found = errors(a_course(asked))
    assert len(found) == 1, found
    assert found[0].startswith("course.md:6")
    assert told in found[0]


OWN = "### Berapa?\n\n- [x] 1\n- [ ] 2\n\n"


@pytest.mark.parametrize(
    ("pools", "told"),
    [
        ("### Berapa?\n\n- [x] 1\n- [ ] 2\n\n", "baru ada 0"),
        (a_pool(draw=7), "tanpa soal yang sudah keluar di uji awal tinggal 6"),
        (a_pool().replace("ambil 3`", "ambil 1` `@M.06`"), "memerlukan 6 soal"),
    ],
)
def test_the_final_quiz_must_have_room_for_the_other_form(pools: str, told: str) -> None:
    found = errors(a_course(pools=pools))
    assert len(found) == 1, found
    assert told in found[0]


def test_a_course_without_a_quiz_has_nothing_to_compare_with() -> None:
    done = a_course(**{"01-satu.md": LESSON})
    assert len(errors(done)) == 1
    assert "tidak memuat kuis" in errors(done)[0]


def test_essays_and_voided_questions_are_in_no_form() -> None:
    essay = "## Uraikan\n\n`#u1` `2 poin`\n\nJawaban: uraian\n\n> Rubrik:\n> - Jelas `2 poin`\n\n"
    bank = a_bank(6) + essay
    bank = bank.replace("`#s0`", "`#s0` `anulir`")
    told = errors(a_course(bank=bank, pools=a_pool(draw=1)))
    assert "baru ada 5" in told[0]


def test_a_broken_bank_is_not_told_as_a_small_one() -> None:
    found = errors(a_course(bank=a_bank(6).replace("- [x] Ya", "- [ ] Ya", 1)))
    assert len(found) == 1, found
    assert found[0].startswith("bank/dasar.md")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"pools": a_pool(draw=2)}, "uji akhirnya memuat 3"),
        ({"bank": a_bank(6, tags=("`mudah`", *["`sulit`"] * 5))}, "tandanya berbeda"),
        (
            {"00-awal.md": f"# Awal\n\nIsi.\n\n## Kuis: Tengah\n\n{a_pool()}"},
            "juga keluar di kuis `Tengah`",
        ),
    ],
)
def test_what_weakens_the_comparison_is_a_warning(changes: dict[str, str], told: str) -> None:
    done = a_course(**changes)
    assert errors(done) == []
    assert [told in warning for warning in warnings(done)] == [True]


@given(st.lists(st.sampled_from(list(Difficulty)), min_size=2, max_size=40), st.integers(1, 20))
def test_pairs_are_disjoint_as_many_as_asked_and_alike_where_tags_suffice(
    tags: list[Difficulty], count: int
) -> None:
    questions = [a_question(f"s{n}", difficulty=tag) for n, tag in enumerate(tags)]
    pairs = pair_up(questions, count)
    used = [question.id for pair in pairs for question in pair]
    assert len(used) == len(set(used))
    assert len(pairs) == min(count, len(questions) // 2)
    alike = sum(size // 2 for size in Counter(tags).values())
    assert sum(a.stratum == b.stratum for a, b in pairs) >= min(count, alike)


def test_a_changed_pretest_is_a_difference_and_stands_in_the_outline() -> None:
    old, new = a_course().course, a_course("bank/dasar.md ambil 2").course
    assert old
    assert new
    [fact] = difference(old, new).facts
    assert (fact.what, fact.before, fact.after) == (Fact.PRETEST, old.pretest_ids, new.pretest_ids)
    assert difference(new, replace(new, pretest=None)).facts[0].after == ()
    shape = outline_of(old)
    assert decode(encode(shape)) == shape
    assert shape.pretest
    assert shape.pretest.question_count == 3
    assert shape.final_quiz_key == "akhir"
    assert shape.quiz("_pretest") is shape.pretest
    assert _without(encode(shape)) == outline_of(replace(old, pretest=None))


def _without(body: dict[str, object]) -> object:
    """An outline as it was stored before there were pretests."""
    return decode({name: value for name, value in body.items() if name != "pretest"})
