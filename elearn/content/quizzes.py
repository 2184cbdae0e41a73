"""Quizzes, their pools, and the banks they draw from."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from elearn.content import messages as say
from elearn.content.building import (
    build_question,
    is_key_always_longest,
    slug_of,
)
from elearn.content.chips import Chips, Name, Place, take_chips
from elearn.content.course import CompetencyLevel, Pool, Question, Quiz, Reveal
from elearn.content.problems import FileReport, nearest
from elearn.content.questions import Heading
from elearn.content.reader import SourceFile
from elearn.content.sections import (
    Role,
    Section,
    check_headings,
    check_text,
    clean_title,
    role_of,
)
from elearn.content.structure import Block, Kind, parse
from elearn.content.writer import Workshop, Writer
from elearn.markup import TooCostly, refuse_costly

ADVICE_DEEPER = "Beri tingkat judul yang sama dengan kuis, atau pindahkan ke luar kuis."


@dataclass
class Group:
    """A heading inside a quiz, survey or bank, and what lies below it up to the next heading."""

    heading: Block
    blocks: list[Block]


@dataclass(frozen=True)
class BankLink:
    """Where a pool says that its questions come from."""

    line: int
    address: str


def groups_of(blocks: Sequence[Block]) -> tuple[list[Block], list[Group]]:
    """The blocks before the first heading, and a group for each heading."""
    before: list[Block] = []
    groups: list[Group] = []
    for block in blocks:
        if block.kind is Kind.HEADING:
            groups.append(Group(block, []))
        else:
            (groups[-1].blocks if groups else before).append(block)
    return before, groups


def build_bank(file: SourceFile, body: str, workshop: Workshop) -> tuple[Question, ...]:
    """The questions of a bank file."""
    report = FileReport(workshop.report, file.path)
    try:
        refuse_costly(body)
    except TooCostly as problem:
        report.error(problem.line, say.TOO_COSTLY.format(what=problem.what))
        return ()
    document = parse(body)
    check_headings(document.blocks, report)
    writer = Writer(workshop, file.path, document)
    writer.check_definitions()
    before, groups = groups_of(document.blocks)
    if not groups or role_of(groups[0].heading)[0] is not Role.BANK:
        report.error(1, say.BANK_FIRST)
        return ()
    intro = before + groups[0].blocks
    check_text(tuple(intro), report)
    questions = [_question(group, writer) for group in groups[1:] if is_plain(group, report)]
    if len(groups) == 1:
        report.error(groups[0].heading.start, say.BANK_EMPTY)
    whole = tuple(question for question in questions if question)
    if is_key_always_longest(whole):
        report.warn(groups[0].heading.start, say.LONGEST_KEY)
    return whole


def is_plain(group: Group, report: FileReport) -> bool:
    """Whether a heading begins a question; a keyword that may not stand here is noted."""
    role, _ = role_of(group.heading)
    if role is Role.TEXT:
        return True
    advice = ADVICE_DEEPER
    report.error(group.heading.start, say.HEADING_MISPLACED.format(word=role, advice=advice))
    return False


def _question(group: Group, writer: Writer) -> Question | None:
    heading = Heading(clean_title(group.heading.title), group.heading.start)
    writer.check([group.heading])
    return build_question(heading, group.blocks, writer)


def build_quiz(section: Section, writer: Writer) -> tuple[Quiz, list[Any]] | None:
    """The quiz of a section and the material that names it; None with problems noted."""
    workshop, report = writer.workshop, writer.report
    before, groups = groups_of(section.blocks)
    chips, intro = take_chips(before, Place.QUIZ, workshop.codes, report)
    check_text(tuple(intro), report)
    writer.check(intro)
    if Name.TIME in chips:
        report.warn(chips.line, say.QUIZ_TIME_LIMIT)
    key = chips.get(Name.ID) or slug_of(section.title) or "kuis"
    place = f"{writer.path}:{section.line}"
    other = workshop.quiz_places.setdefault(key, place)
    if other != place:
        message = say.QUIZ_SAME_TITLE.format(title=section.title, other=other)
        report.error(section.line, message)
    pools = list(_pools(groups, section.level, writer))
    if not groups:
        report.error(section.line, say.QUIZ_EMPTY)
    _refuse_overlap(pools, section.line, report)
    if is_key_always_longest([question for pool in pools for question in pool.questions]):
        report.warn(section.line, say.LONGEST_KEY)
    if not pools:
        return None
    text = writer.text("\n\n".join(block.source for block in intro), section.line, "k-" + key, 2)
    quiz = _with_chips(Quiz(key, section.title, tuple(pools), intro_html=text.html), chips)
    return quiz, _material(quiz, text.material)


def _with_chips(quiz: Quiz, chips: Chips) -> Quiz:
    return replace(
        quiz,
        pass_percent=chips.get(Name.PASS, quiz.pass_percent),
        max_attempts=chips.get(Name.ATTEMPTS, quiz.max_attempts),
        time_limit_minutes=chips.get(Name.TIME, 0),
        shuffled=chips.get(Name.SHUFFLE_QUESTIONS, False),
        reveal=chips.get(Name.REVEAL, Reveal.AFTER_PASS),
        anonymous=chips.get(Name.ANONYMOUS, False),
    )


def _material(quiz: Quiz, intro: tuple[Any, ...]) -> list[Any]:
    settings = [quiz.pass_percent, quiz.max_attempts, quiz.time_limit_minutes, quiz.shuffled]
    pools = [[pool.title, pool.draw, [q.digest for q in pool.questions]] for pool in quiz.pools]
    anonymous = ["anonymous"] if quiz.anonymous else []
    return ["quiz", quiz.key, quiz.title, *settings, quiz.reveal, intro, pools, *anonymous]


def _pools(groups: list[Group], level: int, writer: Writer) -> Iterator[Pool]:
    """Fixed questions as pools of one, and the pools that were written."""
    index = 0
    while index < len(groups):
        group = groups[index]
        index += 1
        role, _ = role_of(group.heading)
        if role is Role.POOL:
            members = []
            while index < len(groups) and groups[index].heading.level > group.heading.level:
                members.append(groups[index])
                index += 1
            pool = _pool(group, members, writer)
            if pool:
                yield pool
        elif is_plain(group, writer.report) and group.heading.level > level:
            question = _question(group, writer)
            if question:
                yield Pool("", 1, (question,))


def _pool(group: Group, members: list[Group], writer: Writer) -> Pool | None:
    report = writer.report
    line = group.heading.start
    chips, rest = take_chips(group.blocks, Place.POOL, writer.workshop.codes, report)
    links = [bank_link(block) for block in rest]
    if any(link is None for link in links):
        report.error(rest[links.index(None)].start, say.POOL_TEXT)
        return None
    banks = [link for link in links if link]
    if banks and members:
        report.error(line, say.POOL_MIXED)
        return None
    if banks:
        questions = _from_banks(banks, chips, writer)
    else:
        if Name.COMPETENCY in chips or Name.DIFFICULTY in chips:
            report.error(line, say.POOL_FILTER)
        built = [_question(member, writer) for member in members if is_plain(member, report)]
        questions = None if None in built else tuple(question for question in built if question)
    return _sized(group, chips, questions, report)


def _sized(
    group: Group, chips: Chips, questions: tuple[Question, ...] | None, report: FileReport
) -> Pool | None:
    line = group.heading.start
    if questions is None:
        return None
    if Name.DRAW not in chips:
        report.error(line, say.POOL_NO_DRAW)
        return None
    draw = chips.get(Name.DRAW)
    if not questions and Name.COMPETENCY not in chips and Name.DIFFICULTY not in chips:
        report.error(line, say.POOL_EMPTY)
        return None
    if draw > len(questions):
        report.error(line, say.POOL_TOO_SMALL.format(draw=draw, count=len(questions)))
        return None
    return Pool(role_of(group.heading)[1], draw, questions)


def bank_link(block: Block) -> BankLink | None:
    """The address of a paragraph that is nothing but a link."""
    if block.kind is not Kind.PARAGRAPH:
        return None
    children = [child for _, child in block.inlines() if child.type != "softbreak"]
    spare = [child for child in children if child.type == "text" and child.level == 0]
    links = [child for child in children if child.type == "link_open"]
    if len(links) != 1 or any(child.content.strip() for child in spare):
        return None
    return BankLink(block.start, str(links[0].attrs.get("href", "")))


def _from_banks(links: list[BankLink], chips: Chips, writer: Writer) -> tuple[Question, ...] | None:
    """The questions of the linked banks that pass the filters; None when a bank is not there."""
    banks = writer.workshop.banks
    found: list[Question] = []
    for link in links:
        folder = posixpath.dirname(writer.path)
        path = posixpath.normpath(posixpath.join(folder, link.address))
        if path not in banks:
            message = say.BANK_MISSING.format(path=path[:80], hint=nearest(path, banks))
            writer.report.error(link.line, message)
            return None
        found += [question for question in banks[path] if _passes(question, chips)]
    return tuple(dict.fromkeys(found))


def _passes(question: Question, chips: Chips) -> bool:
    wanted = chips.all(Name.COMPETENCY)
    codes = not wanted or any(_covers(asked, question) for asked in wanted)
    hardness = chips.get(Name.DIFFICULTY)
    return codes and (hardness is None or question.difficulty is hardness)


def _covers(asked: CompetencyLevel, question: Question) -> bool:
    return any(
        held.code == asked.code and asked.level in (0, held.level) for held in question.competencies
    )


def _refuse_overlap(pools: list[Pool], line: int, report: FileReport) -> None:
    """One attempt must not draw the same question from two pools."""
    seen: list[Question] = []
    for pool in pools:
        twice = [question for question in pool.questions if any(question is s for s in seen)]
        if twice:
            report.error(line, say.POOL_OVERLAP.format(id=twice[0].id))
            return
        seen += pool.questions
