"""The elements a text is given: notes, pictures, players, cards."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from elearn.markup.addresses import Media, host_of


def note(name: str, label: str) -> Element:
    """The box of a call-out with its title."""
    box = Element("div", {"class": f"note {name}", "role": "note"})
    SubElement(box, "p", {"class": "note-title"}).text = label
    return box


def words(text: str) -> Element:
    """Text in place of what cannot be shown."""
    span = Element("span")
    span.text = text
    return span


def picture(media: Media, alt: str, title: str) -> Element:
    """A picture, loaded when it comes into view."""
    image = Element("img", {"src": media.url, "alt": alt})
    if media.width and media.height:
        image.set("width", str(media.width))
        image.set("height", str(media.height))
    image.set("loading", "lazy")
    if title:
        image.set("title", title)
    return image


def figure(image: Element) -> Element:
    """A picture with its title below it."""
    framed = Element("figure")
    caption = image.attrib.pop("title")
    image.tail = None
    framed.append(image)
    SubElement(framed, "figcaption").text = caption
    return framed


def video(media: Media, title: str) -> Element:
    """A native player that loads nothing by itself."""
    player = Element("video", {"controls": "controls", "preload": "none"})
    if title:
        player.set("aria-label", title)
    SubElement(player, "source", {"src": media.url, "type": media.media_type})
    if media.captions_url:
        SubElement(
            player,
            "track",
            {"kind": "captions", "src": media.captions_url, "srclang": "id", "label": "Indonesia"},
        )
    return player


def video_card(address: str, title: str) -> Element:
    """A link: nothing is loaded from outside until the learner goes there."""
    card = Element("a", {"class": "video-link", "href": address, "rel": "noopener noreferrer"})
    host = host_of(address).removeprefix("www.")
    card.text = (title or "Video") + " "
    SubElement(card, "span", {"class": "host"}).text = host
    return card
