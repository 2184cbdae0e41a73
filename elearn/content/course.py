"""What a compiled course is: frozen values, free of files, database and web."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from urllib.parse import quote

from elearn.content.keys import FULL_PERCENT, ExpectedKey, Key, NumberKey, TextKey, shown_key

# The key of a pretest among quizzes: no slug of a heading and no id of an author begins so.
PRETEST = "_pretest"
PRETEST_TITLE = "Uji awal"


class Category(StrEnum):
    """The five shelves of the catalogue."""

    DIGITAL = "digital"
    LEADERSHIP = "kepemimpinan"
    SERVICE = "pelayanan"
    INTEGRITY = "integritas"
    TECHNICAL = "teknis"


class Shape(StrEnum):
    """The type of a question, read from the shape of its text."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    TEXT = "text"
    NUMBER = "number"
    MATCHING = "matching"
    ORDERING = "ordering"
    CLOZE = "cloze"
    ESSAY = "essay"
    SCALE = "scale"


class Difficulty(StrEnum):
    """How hard the author expects a question to be."""

    EASY = "mudah"
    MEDIUM = "sedang"
    HARD = "sulit"


class Reveal(StrEnum):
    """When keys, feedback and explanations of a quiz may be shown."""

    AFTER_PASS = "setelah lulus"  # noqa: S105  # not a password
    AFTER_SUBMIT = "setelah kirim"
    NEVER = "tidak pernah"


@dataclass(frozen=True)
class CompetencyLevel:
    """A competency by code and the level (1 to 5) that is supported."""

    code: str
    level: int


@dataclass(frozen=True)
class Option:
    """One choice. ``key`` is stable when options are reordered; HTML is safe.

    ``percent`` is what a wrong option of a single choice earns all the same, None for nothing said.
    Of an ordering all options are ``correct`` and stand in the right order; of a matching they are
    the right sides, and a distractor is not ``correct``.
    """

    key: str
    html: str
    correct: bool
    feedback_html: str = ""
    stays_last: bool = False
    percent: int | None = None


@dataclass(frozen=True)
class Question:
    """One question with everything needed to show and to grade it.

    ``digest`` is the hash of the normalised question: its version. Answers and statistics belong
    to a version. ``id`` is the author's stable name, unique in the course. A ``voided`` question
    was found flawed: everyone keeps its points.
    """

    id: str
    digest: str
    shape: Shape
    stem_html: str
    stem_text: str
    points: int = 1
    options: tuple[Option, ...] = ()
    key: Key | None = None
    competencies: tuple[CompetencyLevel, ...] = ()
    difficulty: Difficulty | None = None
    hints_html: tuple[str, ...] = ()
    explanation_html: str = ""
    shuffled: bool = True
    partial: bool = False
    voided: bool = False

    @property
    def key_shown(self) -> str:
        """The key of a typed question in words."""
        if isinstance(self.key, ExpectedKey):
            full = (e.key for e in self.key.answers if e.percent == FULL_PERCENT)
            return " / ".join(map(shown_key, full))
        return shown_key(self.key) if isinstance(self.key, TextKey | NumberKey) else ""

    @property
    def stratum(self) -> str:
        """The tag a draw is balanced by: competency codes and difficulty."""
        codes = "+".join(sorted(f"{c.code}:{c.level}" for c in self.competencies))
        return f"{codes}/{self.difficulty or ''}"


@dataclass(frozen=True)
class Pool:
    """Questions from which each attempt draws ``draw``; a fixed question is a pool of one."""

    title: str
    draw: int
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Quiz:
    """A graded quiz. ``pass_percent`` 0 to 100; ``max_attempts`` 0 means without limit.

    ``anonymous``: who marks the essays does not see whose they are.
    """

    key: str
    title: str
    pools: tuple[Pool, ...]
    pass_percent: int = 70
    max_attempts: int = 3
    time_limit_minutes: int = 0
    shuffled: bool = False
    reveal: Reveal = Reveal.AFTER_PASS
    intro_html: str = ""
    anonymous: bool = False

    @property
    def question_count(self) -> int:
        return sum(pool.draw for pool in self.pools)


@dataclass(frozen=True)
class Pretest:
    """Two forms alike by tag: a person is asked one before the course, the other in its final quiz.

    Every question of a form may also be drawn by the final quiz.
    """

    forms: tuple[tuple[Question, ...], tuple[Question, ...]]

    @property
    def ids(self) -> tuple[tuple[str, ...], ...]:
        """The questions of each form by the id their author gave them."""
        return tuple(tuple(question.id for question in form) for form in self.forms)

    def quiz(self, form: int) -> Quiz:
        """A form as a quiz: asked once, no mark to pass, nothing revealed."""
        pools = tuple(Pool("", 1, (question,)) for question in self.forms[form])
        return Quiz(
            PRETEST,
            PRETEST_TITLE,
            pools,
            pass_percent=0,
            max_attempts=1,
            shuffled=True,
            reveal=Reveal.NEVER,
        )


@dataclass(frozen=True)
class Check:
    """An ungraded question answered on the spot inside a lesson."""

    key: str
    question: Question

    @property
    def shown_options(self) -> tuple[Option, ...]:
        """The options as a lesson shows them: the same for everybody, and never already solved.

        Right sides and steps stand in the order of their keys, which are digests.
        """
        options = self.question.options
        if self.question.shape not in (Shape.MATCHING, Shape.ORDERING):
            return options
        mixed = tuple(sorted(options, key=lambda option: option.key))
        return (*mixed[1:], mixed[0]) if mixed == options else mixed


@dataclass(frozen=True)
class Reflection:
    """An open text about the learner's own work; at least ``min_words`` words."""

    key: str
    title: str
    prompt_html: str
    min_words: int = 0


@dataclass(frozen=True)
class Survey:
    """An ungraded, anonymous form; its questions have no right answers."""

    key: str
    title: str
    questions: tuple[Question, ...]
    intro_html: str = ""


@dataclass(frozen=True)
class Html:
    """A stretch of safe lesson text."""

    html: str


Block = Html | Check | Quiz | Reflection | Survey


@dataclass(frozen=True)
class Lesson:
    """One page of study: text, checks, quizzes, reflections and surveys in reading order.

    ``digest`` covers everything a learner reads; a lesson with the same digest stays finished
    when the learner moves to another version. ``minutes`` counts text and checks, rounded up.
    """

    key: str
    title: str
    digest: str
    minutes: int
    blocks: tuple[Block, ...]
    required: bool = True
    old_keys: tuple[str, ...] = ()
    path: str = ""

    @property
    def quizzes(self) -> tuple[Quiz, ...]:
        return tuple(b for b in self.blocks if isinstance(b, Quiz))

    @property
    def reflections(self) -> tuple[Reflection, ...]:
        return tuple(b for b in self.blocks if isinstance(b, Reflection))

    @property
    def surveys(self) -> tuple[Survey, ...]:
        return tuple(b for b in self.blocks if isinstance(b, Survey))

    @property
    def checks(self) -> tuple[Check, ...]:
        return tuple(b for b in self.blocks if isinstance(b, Check))


@dataclass(frozen=True)
class Module:
    """A titled run of lessons; a small course has one module without a title."""

    key: str
    title: str
    intro_html: str
    lessons: tuple[Lesson, ...]


class RuleKind(StrEnum):
    """What a completion rule asks for."""

    LESSONS = "lessons"
    ALL_QUIZZES = "all_quizzes"
    QUIZ = "quiz"
    REFLECTIONS = "reflections"
    SURVEYS = "surveys"


@dataclass(frozen=True)
class Rule:
    """One completion rule: ``percent`` for LESSONS, ``quiz_key`` for QUIZ."""

    kind: RuleKind
    percent: int = 100
    quiz_key: str = ""


@dataclass(frozen=True)
class Asset:
    """A file that the course shows; ``path`` is relative to the course folder."""

    path: str
    digest: str
    media_type: str
    content: bytes = field(repr=False, default=b"")

    @classmethod
    def of(cls, path: str, media_type: str, content: bytes) -> Asset:
        """The file with its digest."""
        return cls(path, sha256(content).hexdigest(), media_type, content)

    @property
    def address(self) -> str:
        """Where it is served, for ever."""
        return f"/files/{self.digest}/{quote(self.path.rpartition('/')[2])}"


@dataclass(frozen=True)
class Course:
    """A whole compiled course; ``digest`` names the version."""

    slug: str
    digest: str
    title: str
    summary: str
    category: Category
    jp: int
    kind: int
    competencies: tuple[CompetencyLevel, ...]
    modules: tuple[Module, ...]
    rules: tuple[Rule, ...]
    minutes: int
    overview_html: str = ""
    core_values: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()
    organiser: str = ""
    valid_months: int = 0
    language: str = "id"
    assets: tuple[Asset, ...] = ()
    pretest: Pretest | None = None

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        return tuple(lesson for module in self.modules for lesson in module.lessons)

    @property
    def quizzes(self) -> tuple[Quiz, ...]:
        return tuple(quiz for lesson in self.lessons for quiz in lesson.quizzes)

    @property
    def pretest_ids(self) -> tuple[tuple[str, ...], ...]:
        """What each form of the pretest asks, by id; empty without a pretest."""
        return self.pretest.ids if self.pretest else ()
