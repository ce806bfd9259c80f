"""Commands of the course, on Linux, macOS and Windows: `python course.py` lists them.

This file runs on any Python, even 2.7, so that it can say which one is needed. All else is in
tools/launch.py.
"""

import os
import signal
import subprocess
import sys

NEEDED = (3, 11)
NEWEST = 14  # of Python 3, as far as the course was made for


def too_old():
    """Return one sentence: which Python is needed, which one runs this, and what to do."""
    return "Python %d.%d or newer is needed, but this is Python %d.%d (%s): %s.\n" % (
        NEEDED + tuple(sys.version_info[:2]) + (sys.executable, newer() or install())
    )


def newer():
    """Return what to type if a Python that is new enough is on PATH, else nothing."""
    for minor in range(NEWEST, NEEDED[1] - 1, -1):
        for folder in os.environ.get("PATH", "").split(os.pathsep):
            name = "python3.%d" % minor
            if os.access(os.path.join(folder, name), os.X_OK) and runs(name):
                return "run %s course.py, or make PYTHON=%s" % (name, name)
    return ""


def runs(name):
    """Return whether a Python runs; a stand-in for one that is not installed does not."""
    try:
        with open(os.devnull, "w") as nowhere:
            return subprocess.call([name, "-c", ""], stdout=nowhere, stderr=nowhere) == 0
    except OSError:
        return False


def install():
    """Return what to do where no newer Python was found."""
    if os.name == "nt":
        return "install one from https://www.python.org, then run py course.py"
    return "install one, from your system's packages or https://www.python.org, and run this by it"


def main():
    """Run the command that was given; return its exit status."""
    if sys.version_info < NEEDED:
        sys.stderr.write(too_old())
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # ends what runs, too
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from tools import launch

    return launch.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
