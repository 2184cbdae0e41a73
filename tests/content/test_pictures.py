"""The pictures of the courses in this repository can be read on a narrow phone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

COURSES = Path(__file__).parents[2] / "courses"
PICTURES = sorted(COURSES.glob("*/assets/*.svg"))
PROSE_WIDTH = 328  # CSS pixels of a lesson's text on a screen of 360
SMALLEST_TEXT = 12  # CSS pixels


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_the_text_of_a_picture_is_large_enough_at_360_pixels(picture: Path) -> None:
    drawing = picture.read_text(encoding="utf-8")
    width = float(re.search(r'viewBox="0 0 (\d+) \d+"', drawing)[1])
    smallest = min(float(size) for size in re.findall(r'font-size="([\d.]+)"', drawing))
    assert smallest * min(1, PROSE_WIDTH / width) >= SMALLEST_TEXT


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_a_picture_has_a_ground_of_its_own_for_light_and_dark(picture: Path) -> None:
    drawing = picture.read_text(encoding="utf-8")
    width, height = re.search(r'viewBox="0 0 (\d+) (\d+)"', drawing).groups()
    assert f'<rect width="{width}" height="{height}"' in drawing
