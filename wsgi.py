"""The WSGI application, as granian loads it."""

from config import from_environment
from elearn.app import create_app

app = create_app(from_environment())
