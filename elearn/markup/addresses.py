"""Where the addresses in a text lead: other hosts, videos, files of the course."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

FILE_ADDRESS = re.compile(r"/files/[0-9a-f]{64}/[\w.%~-]+\Z")
LINK_ADDRESS = re.compile(r"(https?://|mailto:|tel:|/courses/|/files/[0-9a-f]|#c-)[^\s]*\Z", re.I)
VIDEO_HOSTS = ("youtube.com", "youtu.be", "youtube-nocookie.com", "vimeo.com", "dailymotion.com")


@dataclass(frozen=True)
class Media:
    """A picture or video of the course. ``width`` and ``height`` are pixels, 0 when unknown."""

    url: str
    media_type: str
    width: int = 0
    height: int = 0
    captions_url: str = ""


class Links(Protocol):
    """Where the addresses in a text lead."""

    def link(self, address: str) -> str:
        """The final address, or nothing when the link leads nowhere."""
        ...

    def media(self, address: str) -> Media | None:
        """The picture or video behind an address."""
        ...


class NoLinks:
    """A text whose relative addresses lead nowhere."""

    def link(self, address: str) -> str:
        """Keep what stands on its own."""
        return address if LINK_ADDRESS.match(address) else ""

    def media(self, address: str) -> Media | None:  # noqa: ARG002  # the protocol's signature
        """Nothing to show."""
        return None


def is_video_page(address: str) -> bool:
    """Whether an outside address is a page that plays a video."""
    host = host_of(address).removeprefix("www.").removeprefix("m.")
    named = any(host == known or host.endswith("." + known) for known in VIDEO_HOSTS)
    return named or address.lower().split("?")[0].endswith((".mp4", ".webm"))


def is_outside(address: str) -> bool:
    """Whether an address names another host."""
    return address.lower().startswith(("http://", "https://"))


def host_of(address: str) -> str:
    """The host of an address, in small letters; nothing for none."""
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""
