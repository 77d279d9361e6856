"""Run a program without root's rights: PostgreSQL refuses to start as root.

`python -m app.core.unprivileged PROGRAM ARG…` replaces itself by the program. Root first tries a
user namespace, where its files stay its own but its number is another; where the kernel forbids
that, it becomes the owner of the directory in `SE2026_RUN_AS_OWNER_OF`.
"""

import ctypes
import os
import pwd
import sys
from pathlib import Path

CLONE_NEWUSER = 0x10000000


def main(arguments: list[str]) -> None:
    """Drop root where we are root, then become the program."""
    if os.geteuid() == 0 and not _enter_user_namespace():
        _become_owner_of(Path(os.environ["SE2026_RUN_AS_OWNER_OF"]))
    os.execv(arguments[0], arguments)  # noqa: S606 - the launcher passes a fixed program


def _enter_user_namespace() -> bool:
    stranger = pwd.getpwnam("nobody")
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER) != 0:
        return False
    try:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{stranger.pw_uid} 0 1")
        Path("/proc/self/gid_map").write_text(f"{stranger.pw_gid} 0 1")
    except OSError:
        return False
    return os.geteuid() != 0


def _become_owner_of(directory: Path) -> None:
    owner = directory.stat()
    if owner.st_uid == 0:
        sys.exit(f"{directory} belongs to root, and PostgreSQL refuses to run as root")
    os.setgroups([])
    os.setgid(owner.st_gid)
    os.setuid(owner.st_uid)


if __name__ == "__main__":
    main(sys.argv[1:])
