"""Run the commands: ``python -m elearn``."""

from elearn.cli import main

main()
