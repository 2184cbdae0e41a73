"""Where the addresses in a course lead: lessons, files of the course, the outside."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote as percent_decode
from urllib.parse import urlsplit

from markdown_it.token import Token

from elearn.content import messages as say
from elearn.content.assets import (
    MAX_MEGAPIXELS,
    SVG,
    UnsafeSvg,
    is_huge,
    media_type_of,
    refuse_unsafe_svg,
    size_of,
)
from elearn.content.course import Asset
from elearn.content.problems import FileReport, Report, excerpt, nearest
from elearn.content.reader import SourceFile
from elearn.content.structure import Block, inline_links
from elearn.markup import Media, is_outside, is_video_page

SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
SAFE_SCHEMES = ("http:", "https:", "mailto:", "tel:")
COURSE_ADDRESS = re.compile(r"/courses/([a-z0-9-]+)/?\Z")
BANKS = "bank/"


@dataclass
class Places:
    """What a course may link to. ``lessons`` leads from a path to a lesson's key."""

    slug: str
    files: Mapping[str, SourceFile]
    courses: frozenset[str]
    report: Report
    lessons: dict[str, str] = field(default_factory=dict)
    assets: dict[str, Asset | None] = field(default_factory=dict)

    def asset(self, path: str) -> Asset | None:
        """The checked file behind a path; its problems are noted once."""
        if path not in self.assets:
            self.assets[path] = self._check(self.files[path])
        return self.assets[path]

    def used(self) -> tuple[Asset, ...]:
        """Every sound file that something in the course links to."""
        return tuple(asset for _, asset in sorted(self.assets.items()) if asset)

    def _check(self, file: SourceFile) -> Asset | None:
        media_type = media_type_of(file.content)
        if not media_type:
            self.report.error(file.path, 0, say.ASSET_KIND)
            return None
        if media_type == SVG:
            try:
                refuse_unsafe_svg(file.content)
            except UnsafeSvg as problem:
                self.report.error(file.path, problem.line, problem.complaint)
                return None
        elif is_huge(size_of(file.content, media_type)):
            self.report.error(file.path, 0, say.ASSET_HUGE.format(limit=MAX_MEGAPIXELS))
            return None
        return Asset.of(file.path, media_type, file.content)


@dataclass(frozen=True)
class Target:
    """A resolved address: the final one, or the complaint about it."""

    address: str = ""
    complaint: str = ""
    media: Media | None = None


@dataclass
class FileLinks:
    """The links of one file. As ``markup.Links`` it remembers what it resolved."""

    places: Places
    path: str
    resolved: dict[str, str] = field(default_factory=dict)

    def link(self, address: str) -> str:
        """The final address of a link, or nothing."""
        final = self.target(address).address
        self.resolved[address] = final
        return final

    def media(self, address: str) -> Media | None:
        """The picture or video behind an address."""
        found = self.picture(address).media
        self.resolved["!" + address] = (found.url + found.captions_url) if found else ""
        return found

    def target(self, address: str) -> Target:
        """Where a link leads."""
        if not address.strip():
            return Target(complaint=say.LINK_EMPTY)
        if address.startswith("#"):
            return Target(address)
        if SCHEME.match(address):
            safe = address.lower().startswith(SAFE_SCHEMES)
            complaint = "" if safe else say.LINK_SCHEME.format(address=excerpt(address))
            return Target(address if safe else "", complaint)
        if address.startswith("/"):
            return self._site(address)
        return self._local(address)

    def picture(self, address: str) -> Target:
        """What an address in image syntax shows."""
        if is_outside(address):
            complaint = say.ASSET_OUTSIDE.format(address=excerpt(address))
            return Target(address) if is_video_page(address) else Target(complaint=complaint)
        if not address.strip():
            return Target(complaint=say.LINK_EMPTY)
        path, _ = self._path(address)
        if path not in self.places.files:
            hint = nearest(path, self.places.files)
            return Target(complaint=say.ASSET_MISSING.format(address=excerpt(address), hint=hint))
        asset = self.places.asset(path)
        if asset is None:
            return Target()  # its own problem is noted already
        if not asset.media_type.startswith(("image/", "video/")):
            return Target(complaint=say.ASSET_NOT_MEDIA.format(address=excerpt(address)))
        size = size_of(asset.content, asset.media_type)
        captions = self._captions(path) if asset.media_type.startswith("video/") else ""
        return Target(asset.address, "", Media(asset.address, asset.media_type, *size, captions))

    def _captions(self, path: str) -> str:
        captions = posixpath.splitext(path)[0] + ".vtt"
        asset = self.places.asset(captions) if captions in self.places.files else None
        return asset.address if asset and asset.media_type == "text/vtt" else ""

    def _site(self, address: str) -> Target:
        found = COURSE_ADDRESS.match(address)
        if found and (found[1] in self.places.courses or found[1] == self.places.slug):
            return Target(address)
        return Target(complaint=say.LINK_MISSING.format(address=excerpt(address), hint=""))

    def _path(self, address: str) -> tuple[str, str]:
        try:
            parts = urlsplit(address)
        except ValueError:
            return "", ""
        joined = posixpath.join(posixpath.dirname(self.path), percent_decode(parts.path))
        return posixpath.normpath(joined), parts.fragment

    def _local(self, address: str) -> Target:
        path, fragment = self._path(address)
        if path.startswith(("..", "/")):
            return Target(complaint=say.LINK_OUTSIDE.format(address=excerpt(address)))
        if path.startswith(BANKS):
            return Target(complaint=say.LINK_TO_BANK)
        if path in self.places.lessons:
            final = f"/courses/{self.places.slug}/lessons/{self.places.lessons[path]}"
            return Target(f"{final}#c-t-{fragment}" if fragment else final)
        if path == "course.md":
            return Target(f"/courses/{self.places.slug}")
        if path not in self.places.files or path.endswith(".md"):
            hint = nearest(path, [*self.places.lessons, *self.places.files])
            return Target(complaint=say.LINK_MISSING.format(address=excerpt(address), hint=hint))
        asset = self.places.asset(path)
        return Target(asset.address if asset else "")


def check_links(blocks: list[Block], links: FileLinks, report: FileReport) -> None:
    """Note every link and picture that leads nowhere, with its line."""
    for block in blocks:
        for line, token in block.inlines():
            _check_token(token, line, links, report)


def check_text_links(source: str, line: int, links: FileLinks, report: FileReport) -> None:
    """The same for a definition of a note or a link."""
    address = re.match(r" {0,3}\[(?!\^)[^\]]+\]:\s*<?([^\s>]+)", source)
    if address:
        complaint = links.target(address[1]).complaint
        if complaint:
            report.error(line, complaint)
        return
    for token in inline_links(source):
        _check_token(token, line, links, report)


def _check_token(token: Token, line: int, links: FileLinks, report: FileReport) -> None:
    if token.type == "link_open":
        target = links.target(_written(token.attrs.get("href", "")))
    elif token.type == "image":
        target = links.picture(_written(token.attrs.get("src", "")))
        if not token.content.strip():
            report.warn(line, say.ALT_MISSING)
    else:
        return
    if target.complaint:
        report.error(line, target.complaint)


def _written(address: str | int | float) -> str:
    return str(address)
