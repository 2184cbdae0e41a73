"""Pages of content."""

from flask import Blueprint

blueprint = Blueprint("content", __name__)
