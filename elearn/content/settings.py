"""The front matter of course.md: what it may say, checked against what exists outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from elearn.content import messages as say
from elearn.content.course import Category, CompetencyLevel, Course, Rule, RuleKind
from elearn.content.frontmatter import FrontMatter, Schema, Value
from elearn.content.problems import FileReport, Severity, excerpt, nearest

MINUTES_PER_JP = 45
MINUTES_PER_PROBLEM = 45
MAX_JP = 200
MAX_KIND = 25
DEFAULT_KIND = 16
MAX_LEVEL = 5
MAX_SUMMARY = 500
MAX_VALID_MONTHS = 120

COURSE_SCHEMA = Schema(
    {
        "judul": "judul", "ringkasan": "ringkasan", "kategori": "kategori", "jp": "jp",
        "jenis": "jenis", "kompetensi": "kompetensi", "berakhlak": "berakhlak",
        "sasaran": "sasaran", "prasyarat": "prasyarat", "selesai": "selesai",
        "penyelenggara": "penyelenggara", "berlaku": "berlaku", "bahasa": "bahasa",
        "uji-awal": "uji-awal",
        "title": "judul", "summary": "ringkasan", "category": "kategori", "hours": "jp",
        "kind": "jenis", "competencies": "kompetensi", "values": "berakhlak",
        "audience": "sasaran", "prerequisites": "prasyarat", "completion": "selesai",
        "organiser": "penyelenggara", "valid": "berlaku", "language": "bahasa",
        "pretest": "uji-awal",
    }
)  # fmt: skip
CATEGORIES = {
    **{str(category): str(category) for category in Category},
    "leadership": "kepemimpinan", "service": "pelayanan", "integrity": "integritas",
    "technical": "teknis",
}  # fmt: skip
CORE_VALUES = {
    name: name
    for name in (
        "berorientasi-pelayanan", "akuntabel", "kompeten", "harmonis", "loyal", "adaptif",
        "kolaboratif",
    )
}  # fmt: skip
LANGUAGES = {"id": "id", "en": "en"}
DEFAULT_RULES = (Rule(RuleKind.LESSONS), Rule(RuleKind.ALL_QUIZZES))


@dataclass(frozen=True)
class Known:
    """What exists outside the folder. Audiences are checked only where they are given.

    ``retired`` are those of the competencies that nothing asks for any more.
    """

    competencies: frozenset[str] = frozenset()
    courses: frozenset[str] = frozenset()
    audiences: frozenset[str] = frozenset()
    retired: frozenset[str] = frozenset()


@dataclass
class Settings:
    """The front matter of course.md, checked against what is known."""

    matter: FrontMatter
    report: FileReport
    known: Known
    slug: str

    def summary(self, first_paragraph: str) -> str:
        """The summary, or the first paragraph of the overview."""
        summary = self.matter.text("ringkasan", MAX_SUMMARY) or first_paragraph
        if not summary and not self.matter.broken:
            self.report.error(1, say.NO_SUMMARY)
        return summary

    def _require(self, key: str, example: str) -> None:
        if not self.matter.has(key) and not self.matter.broken:
            self.report.error(1, say.VALUE_MISSING.format(key=key, example=example))

    def category(self) -> Category:
        """The shelf of the catalogue."""
        self._require("kategori", "digital")
        return Category(self.matter.one_of("kategori", CATEGORIES) or Category.TECHNICAL)

    def jp(self, minutes: int | None) -> int:
        """The proposed hours, at most what the minutes carry; None for minutes nobody knows."""
        self._require("jp", "2")
        jp = self.matter.whole("jp", 1, MAX_JP)
        if minutes is None:
            return jp
        allowed = minutes // MINUTES_PER_JP
        if jp > (minutes + self._lost_minutes()) // MINUTES_PER_JP:
            message = say.JP_TOO_HIGH.format(
                jp=jp, minutes=minutes, allowed=allowed, per_jp=MINUTES_PER_JP
            )
            self.report.error(self.matter.line_of("jp"), message)
        return jp

    def _lost_minutes(self) -> int:
        """What cannot be read cannot be counted: one mistake must not be told as two."""
        return sum(
            MINUTES_PER_PROBLEM
            for problem in self.report.report.found
            if problem.severity is Severity.ERROR and problem.path != self.report.path
        )

    def competencies(self) -> tuple[CompetencyLevel, ...]:
        """Known codes with levels 1 to 5."""
        message = say.COMPETENCY_MAP.format(key="kompetensi")
        pairs = self.matter.pairs("kompetensi", message)
        self._require("kompetensi", "{M.05: 2}")
        return tuple(self._competency(code, level) for code, level in pairs)

    def _competency(self, code: Value, level: Value) -> CompetencyLevel:
        name = code.text.upper()
        if name not in self.known.competencies:
            hint = nearest(name, self.known.competencies)
            message = say.COMPETENCY_UNKNOWN.format(code=excerpt(code.text), hint=hint)
            self.report.error(code.line, message, code.column)
        elif name in self.known.retired:
            message = say.COMPETENCY_RETIRED.format(code=excerpt(code.text))
            self.report.warn(code.line, message, code.column)
        if not re.fullmatch(rf"[1-{MAX_LEVEL}]", level.text):
            message = say.COMPETENCY_LEVEL.format(code=excerpt(code.text))
            self.report.error(level.line, message, level.column)
            return CompetencyLevel(name, 1)
        return CompetencyLevel(name, int(level.text))

    def core_values(self) -> tuple[str, ...]:
        """The BerAKHLAK values that the course trains."""
        values = self.matter.words("berakhlak", "akuntabel, adaptif")
        meant = (self.matter.meaning("berakhlak", value, CORE_VALUES) for value in values)
        return tuple(dict.fromkeys(value for value in meant if value))

    def audience(self) -> tuple[str, ...]:
        """Position classes; everyone when there are none."""
        values = self.matter.words("sasaran", "pelaksana")
        if not self.known.audiences:
            return tuple(dict.fromkeys(value.text for value in values))
        choices = {name.replace("_", "-"): name for name in sorted(self.known.audiences)}
        choices |= {name: name for name in sorted(self.known.audiences)}
        meant = (self.matter.meaning("sasaran", value, choices) for value in values)
        return tuple(dict.fromkeys(value for value in meant if value))

    def prerequisites(self) -> tuple[str, ...]:
        """Courses to finish first."""
        values = self.matter.words("prasyarat", "dasar-pelayanan")
        for value in values:
            if value.text == self.slug:
                self.report.error(value.line, say.COURSE_ITSELF, value.column)
            elif value.text not in self.known.courses:
                hint = nearest(value.text, self.known.courses)
                message = say.COURSE_UNKNOWN.format(slug=excerpt(value.text), hint=hint)
                self.report.error(value.line, message, value.column)
        return tuple(dict.fromkeys(value.text for value in values))

    def rules(self, course: Course) -> tuple[Rule, ...]:
        """The completion rules, each something that the course can meet."""
        if not self.matter.has("selesai"):
            return DEFAULT_RULES if course.quizzes else DEFAULT_RULES[:1]
        values = self.matter.words("selesai", "materi 100%, kuis semua lulus")
        rules = tuple(rule for value in values for rule in self._rule(value, course))
        return tuple(dict.fromkeys(rules)) or DEFAULT_RULES[:1]

    def _rule(self, value: Value, course: Course) -> Iterator[Rule]:
        rule = _parse_rule(value.text)
        message = _unmeetable(rule, course) if rule else _rule_complaint(value.text)
        if message:
            self.report.error(value.line, message, value.column)
        elif rule:
            yield rule


LESSONS_RULE = re.compile(r"(?:materi|lessons?)\s*(\d{1,3})\s*%?$", re.IGNORECASE)
ALL_QUIZZES_RULE = re.compile(
    r"(?:kuis semua lulus|semua kuis lulus|all quizzes(?: passed)?)$", re.I
)
QUIZ_RULE = re.compile(r"(?:kuis|quiz)\s+([a-z0-9-]+)\s+(?:lulus|passed)$", re.IGNORECASE)
REFLECTION_RULE = re.compile(r"(?:refleksi|reflections?)$", re.IGNORECASE)
SURVEY_RULE = re.compile(r"(?:survei|survey)$", re.IGNORECASE)
RULE_WORDS = ("materi 100%", "kuis semua lulus", "refleksi", "survei")


def _parse_rule(text: str) -> Rule | None:
    lessons = LESSONS_RULE.match(text)
    if lessons and 1 <= int(lessons[1]) <= 100:
        return Rule(RuleKind.LESSONS, percent=int(lessons[1]))
    if ALL_QUIZZES_RULE.match(text):
        return Rule(RuleKind.ALL_QUIZZES)
    if REFLECTION_RULE.match(text):
        return Rule(RuleKind.REFLECTIONS)
    if SURVEY_RULE.match(text):
        return Rule(RuleKind.SURVEYS)
    quiz = QUIZ_RULE.match(text)
    return Rule(RuleKind.QUIZ, quiz_key=quiz[1].lower()) if quiz else None


def rule_words(text: str) -> str:
    """A completion rule as it is usually written; what is none stays as it is."""
    rule = _parse_rule(text)
    if rule is None:
        return text
    if rule.kind is RuleKind.LESSONS:
        return f"materi {rule.percent}%"
    words = {
        RuleKind.ALL_QUIZZES: "kuis semua lulus",
        RuleKind.REFLECTIONS: "refleksi",
        RuleKind.SURVEYS: "survei",
    }
    return words.get(rule.kind, f"kuis {rule.quiz_key} lulus")


def _rule_complaint(text: str) -> str:
    return say.RULE_UNKNOWN.format(rule=excerpt(text), hint=nearest(text.lower(), RULE_WORDS))


def _unmeetable(rule: Rule, course: Course) -> str:
    keys = [quiz.key for quiz in course.quizzes]
    if rule.kind is RuleKind.ALL_QUIZZES and not keys:
        return say.RULE_NO_QUIZ
    if rule.kind is RuleKind.QUIZ and rule.quiz_key not in keys:
        return say.RULE_QUIZ.format(key=rule.quiz_key, hint=nearest(rule.quiz_key, keys))
    has_reflection = any(lesson.reflections for lesson in course.lessons)
    if rule.kind is RuleKind.REFLECTIONS and not has_reflection:
        return say.RULE_NO_REFLECTION
    if rule.kind is RuleKind.SURVEYS and not any(lesson.surveys for lesson in course.lessons):
        return say.RULE_NO_SURVEY
    return ""
