"""Source becomes a course, or a list of everything that is wrong with it."""

from __future__ import annotations

import math
import posixpath
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from elearn.content import messages as say
from elearn.content.building import digest_of
from elearn.content.course import (
    Course,
    Lesson,
    Module,
    Pretest,
    Question,
)
from elearn.content.frontmatter import FrontMatter, Schema, Value, read
from elearn.content.lessons import Built, Page, build_lesson, open_document, source_of
from elearn.content.links import Places
from elearn.content.pretests import build_pretest
from elearn.content.problems import FileReport, Problem, Report, excerpt
from elearn.content.quizzes import build_bank
from elearn.content.reader import SLUG, Source, SourceFile, order_of, without_number
from elearn.content.sections import (
    Role,
    check_text,
    clean_title,
    role_of,
    take_title,
)
from elearn.content.settings import (
    COURSE_SCHEMA,
    DEFAULT_KIND,
    LANGUAGES,
    MAX_KIND,
    MAX_SUMMARY,
    MAX_VALID_MONTHS,
    Known,
    Settings,
)
from elearn.content.structure import Block, Kind, inline_words
from elearn.content.writer import Workshop, Writer

__all__ = ["Compiled", "Known", "compile_course"]

ROUNDING = 1e-9  # sums of thirds fall a hair short of whole minutes
COURSE_FILE = "course.md"
MODULE_FILE = "module.md"
BANK_FOLDER = "bank"
ASSET_FOLDER = "assets"
UNREAD_NAMES = ("readme.md", "license", "license.md", "changelog.md")

LESSON_SCHEMA = Schema(
    {
        "judul": "judul", "menit": "menit", "wajib": "wajib", "id": "id", "slug-lama": "slug-lama",
        "title": "judul", "minutes": "menit", "required": "wajib", "old-slug": "slug-lama",
    }
)  # fmt: skip
MODULE_SCHEMA = Schema(
    {
        "judul": "judul", "id": "id", "slug-lama": "slug-lama",
        "title": "judul", "old-slug": "slug-lama",
    }
)  # fmt: skip
BANK_SCHEMA = Schema({"judul": "judul", "title": "judul"})


@dataclass(frozen=True)
class Compiled:
    """The course, if nothing is wrong, and all problems by file and line.

    ``partial`` is the course as far as it can be read, whatever is wrong: for previews only.
    """

    course: Course | None
    problems: tuple[Problem, ...]
    partial: Course | None = None
    banks: Mapping[str, tuple[Question, ...]] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "galat")


@dataclass
class _ModuleDraft:
    """A module folder whose settings were read."""

    key: str
    title: str
    intro_html: str
    material: tuple[Any, ...]
    pages: list[Page]


def compile_course(source: Source, known: Known) -> Compiled:
    """Compile a folder that was read. Never raises on anything the folder may hold."""
    compiler = _Compiler(source, known)
    compiler.report.extend(source.problems)
    course = compiler.course() if COURSE_FILE in source.files else None
    sound = not compiler.report.has_errors
    return Compiled(
        course if sound else None,
        compiler.report.sorted(),
        course,
        compiler.workshop.banks,
    )


class _Compiler:
    def __init__(self, source: Source, known: Known) -> None:
        self.source = source
        self.known = known
        self.report = Report()
        places = Places(source.slug, source.files, known.courses, self.report)
        self.workshop = Workshop(places, self.report, known.competencies)

    def course(self) -> Course:
        """The course as far as it can be read; meant only while the report holds no error."""
        report = FileReport(self.report, COURSE_FILE)
        matter, body = read(self.source.files[COURSE_FILE].text, COURSE_SCHEMA, report)
        self.workshop.language = matter.one_of("bahasa", LANGUAGES) or "id"
        folders = self._folders()
        drafts = [self._module(folder, files) for folder, files in folders]
        self._banks()
        overview = self._overview(body)
        modules, minutes = self._modules(drafts)
        self._warn_unused()
        whole = math.floor(minutes + ROUNDING)
        settings = Settings(matter, report, self.known, self.source.slug)
        course = Course(
            slug=self.source.slug,
            digest="",
            title=matter.text("judul") or overview.title,
            summary=settings.summary(overview.first_paragraph),
            category=settings.category(),
            jp=settings.jp(whole if modules else None),
            kind=matter.whole("jenis", 1, MAX_KIND, DEFAULT_KIND),
            competencies=settings.competencies(),
            modules=modules,
            rules=(),
            minutes=whole,
            overview_html=overview.html,
            core_values=settings.core_values(),
            audience=settings.audience(),
            prerequisites=settings.prerequisites(),
            organiser=matter.text("penyelenggara"),
            valid_months=matter.whole("berlaku", 1, MAX_VALID_MONTHS),
            language=self.workshop.language,
            assets=self.workshop.places.used(),
        )
        if not course.title and not matter.broken:
            report.error(1, say.NO_TITLE)
        course = replace(course, rules=settings.rules(course))
        pretest = build_pretest(matter, course, self.workshop.banks, report)
        course = replace(course, pretest=pretest)
        intros = [draft.material for draft in drafts]
        return replace(course, digest=_course_digest(course, overview.material, intros))

    def _folders(self) -> list[tuple[str, list[SourceFile]]]:
        """Module folders in order with their Markdown files; the root as "" when it has lessons."""
        folders: dict[str, list[SourceFile]] = {}
        for path, file in self.source.files.items():
            folder, name = posixpath.split(path)
            if self._is_lesson_place(path, folder, name):
                folders.setdefault(folder, []).append(file)
        if "" in folders and len(folders) > 1:
            for file in folders.pop(""):
                self.report.error(file.path, 1, say.LESSON_OUTSIDE_MODULE)
        if not folders:
            self.report.error(COURSE_FILE, 1, say.NO_LESSONS)
        return sorted(folders.items(), key=lambda item: order_of(item[0]))

    def _is_lesson_place(self, path: str, folder: str, name: str) -> bool:
        if path == COURSE_FILE or folder.split("/")[0] in (BANK_FOLDER, ASSET_FOLDER):
            return False
        if name.lower() in UNREAD_NAMES:
            return False
        if not name.endswith(".md"):
            self.report.warn(path, 0, say.UNUSED_FILE)
            return False
        if "/" in folder:
            self.report.error(path, 0, say.TOO_DEEP)
            return False
        return True

    def _module(self, folder: str, files: list[SourceFile]) -> _ModuleDraft:
        """A module with the settings of its pages; keys are known before any text is rendered."""
        path = posixpath.join(folder, MODULE_FILE)
        slug = without_number(folder)
        draft = _ModuleDraft(slug, "", "", (), [])
        old_slugs: list[str] = []
        if folder:
            self._refuse_slug(folder, slug, "")
            draft.title = slug.replace("-", " ").capitalize()
        head = self.source.files.get(path) if folder else None
        if head:
            report = FileReport(self.report, path)
            matter, body = read(head.text, MODULE_SCHEMA, report)
            draft.key = self._identity(matter, slug, path)
            old_slugs = [value.text for value in matter.words("slug-lama", "nama-lama")]
            text = self._text_file(path, body)
            draft.title = matter.text("judul") or text.title or draft.title
            draft.intro_html, draft.material = text.html, text.material
        for file in sorted(files, key=lambda file: order_of(posixpath.basename(file.path))):
            if not (folder and file.path == path):
                draft.pages.append(self._page(file, draft.key, old_slugs))
        if not draft.pages:
            self.report.error(path, 1, say.EMPTY_MODULE)
        return draft

    def _page(self, file: SourceFile, module: str, old_modules: list[str]) -> Page:
        report = FileReport(self.report, file.path)
        matter, body = read(file.text, LESSON_SCHEMA, report)
        slug = without_number(posixpath.basename(file.path)[: -len(".md")])
        self._refuse_slug(file.path, slug, matter.text("id"))
        tail = f"{module}/{slug}" if module else slug
        key = self._identity(matter, tail, file.path)
        old = [self._old_key(value, module, report) for value in matter.words("slug-lama", "nama")]
        old += [f"{former}/{slug}" for former in old_modules]
        taken = {place: path for path, place in self.workshop.places.lessons.items()}
        if key in taken:
            report.error(0, say.DUPLICATE_KEY.format(key=key, other=taken[key]))
        self.workshop.places.lessons[file.path] = key
        return Page(file.path, key, matter, body, tuple(dict.fromkeys(o for o in old if o)))

    def _old_key(self, value: Value, module: str, report: FileReport) -> str:
        parts = value.text.split("/")
        if len(parts) > 2 or not all(SLUG.match(part) for part in parts):
            report.error(value.line, say.BAD_SLUG.format(name=excerpt(value.text)), value.column)
            return ""
        return value.text if len(parts) == 2 or not module else f"{module}/{value.text}"

    def _identity(self, matter: FrontMatter, slug: str, path: str) -> str:
        written = matter.text("id")
        if written and not SLUG.match(written):
            message = say.BAD_SLUG.format(name=excerpt(written))
            self.report.error(path, matter.line_of("id"), message)
        return written or slug

    def _refuse_slug(self, path: str, slug: str, identity: str) -> None:
        if not SLUG.match(slug) and not identity:
            self.report.error(path, 0, say.BAD_SLUG.format(name=excerpt(slug)))

    def _banks(self) -> None:
        for path, file in self.source.files.items():
            if not path.startswith(BANK_FOLDER + "/"):
                continue
            if not path.endswith(".md"):
                self.report.warn(path, 0, say.UNUSED_FILE)
                continue
            _, body = read(file.text, BANK_SCHEMA, FileReport(self.report, path))
            self.workshop.banks[path] = build_bank(file, body, self.workshop)

    def _overview(self, body: str) -> _Text:
        return self._text_file(COURSE_FILE, body)

    def _text_file(self, path: str, body: str) -> _Text:
        """A page that is text and nothing else: the overview, the introduction of a module."""
        report = FileReport(self.report, path)
        document = open_document(body, report)
        writer = Writer(self.workshop, path, document)
        writer.check_definitions()
        title, blocks = take_title(document.blocks)
        for block in blocks:
            role = role_of(block)[0] if block.kind is Kind.HEADING else Role.TEXT
            if role is not Role.TEXT:
                advice = "Letakkan di dalam berkas pelajaran."
                report.error(block.start, say.HEADING_MISPLACED.format(word=role, advice=advice))
        check_text(blocks, report)
        writer.check(blocks)
        piece = writer.text(source_of(blocks), blocks[0].start if blocks else 1)
        return _Text(title, piece.html, piece.material, _first_paragraph(blocks))

    def _modules(self, drafts: list[_ModuleDraft]) -> tuple[tuple[Module, ...], float]:
        modules, minutes = [], 0.0
        for draft in drafts:
            built = [build_lesson(page, self.workshop) for page in draft.pages]
            minutes += sum(lesson.minutes for lesson in built)
            modules.append(_module_of(draft, built))
        return tuple(modules), minutes

    def _warn_unused(self) -> None:
        for path in self.source.files:
            unused = path.startswith(ASSET_FOLDER + "/") and path not in self.workshop.places.assets
            if unused:
                self.report.warn(path, 0, say.UNUSED_ASSET)


@dataclass(frozen=True)
class _Text:
    title: str
    html: str
    material: tuple[Any, ...]
    first_paragraph: str


def _module_of(draft: _ModuleDraft, built: list[Built]) -> Module:
    lessons = tuple(lesson.lesson for lesson in built)
    return Module(draft.key, clean_title(draft.title), draft.intro_html, lessons)


def _first_paragraph(blocks: tuple[Block, ...]) -> str:
    for block in blocks:
        if block.kind is Kind.PARAGRAPH:
            words = inline_words(" ".join(block.source.split()))
            return words if len(words) <= MAX_SUMMARY else words[: MAX_SUMMARY - 1] + "…"
    return ""


def _course_digest(course: Course, overview: tuple[Any, ...], intros: list[Any]) -> str:
    """Everything a learner or a grader could notice; not the numbers in file names."""
    modules = [
        [module.key, module.title, [_lesson_facts(lesson) for lesson in module.lessons]]
        for module in course.modules
    ]
    settings = {
        name: getattr(course, name)
        for name in (
            "slug", "title", "summary", "category", "jp", "kind", "core_values", "audience",
            "prerequisites", "organiser", "valid_months", "language", "minutes",
        )
    }  # fmt: skip
    rules = [asdict(rule) for rule in course.rules]
    competencies = [asdict(competency) for competency in course.competencies]
    pretest = [_pretest_facts(course.pretest)] if course.pretest else []
    return digest_of([settings, rules, competencies, overview, intros, modules, *pretest])


def _pretest_facts(pretest: Pretest) -> list[list[str]]:
    return [[question.digest for question in form] for form in pretest.forms]


def _lesson_facts(lesson: Lesson) -> list[Any]:
    return [lesson.key, lesson.title, lesson.digest, lesson.required, lesson.old_keys]
