"""The WSGI application, as granian loads it."""

from config import from_environment
from elearn.app import create_app
from elearn.server import end_with_parent

end_with_parent()
app = create_app(from_environment())
