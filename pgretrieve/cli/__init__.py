"""The command line: reads arguments, calls the public API, prints. No SQL and no ranking here.

What was asked for goes to stdout, everything else to stderr. Exit status: 0, 1 failed, 2 usage.
A new command is a function in one of these modules and its line in ``app``.
"""

from pgretrieve.cli.app import main

__all__ = ["main"]
