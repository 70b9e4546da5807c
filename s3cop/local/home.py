"""S3COP_HOME: the folder that holds everything of the local set-up, and the error every local service raises."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
LONGEST_SOCKET_FOLDER = 90  # a socket's path must stay under about 107 bytes, its name needs up to 16
UNQUOTABLE = '"$`\\\n'  # pg_ctl puts the path between double quotes in a shell line


class LocalServiceError(Exception):
    """A local service cannot start; the message is one line for the person at the keyboard."""


@dataclass(frozen=True)
class Home:
    """The folders under S3COP_HOME; `sockets` lies elsewhere when the path is too long for a socket."""

    root: Path

    @classmethod
    def from_environment(cls) -> "Home":
        """Return the home of S3COP_HOME (default: var/ in the project), its folders made.

        Raises LocalServiceError when it cannot be used.
        """
        return cls.at(Path(os.environ.get("S3COP_HOME") or PROJECT / "var"))

    @classmethod
    def at(cls, folder: Path) -> "Home":
        home = cls(folder.expanduser().resolve())
        if any(sign in str(home.root) for sign in UNQUOTABLE):
            raise LocalServiceError(
                f"S3COP_HOME may not contain any of {UNQUOTABLE[:-1]} or a line break: {home.root!s}"
            )
        try:
            home.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            for part in (home.run, home.log, home.mail, home.media):
                private_folder(part)
        except OSError as problem:
            raise LocalServiceError(f"S3COP_HOME {home.root} cannot be used: {problem.strerror}") from problem
        return home

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def mail(self) -> Path:
        return self.root / "mail"

    @property
    def media(self) -> Path:
        return self.root / "media"

    @property
    def sockets(self) -> Path:
        if len(os.fsencode(self.run)) <= LONGEST_SOCKET_FOLDER:
            return self.run
        return self.short_folder(os.geteuid())

    def short_folder(self, uid: int) -> Path:
        """Return a folder with a short path that belongs to this home and to the user `uid` alone."""
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return private_folder(temporary_root() / f"s3cop-{uid}-{digest}", uid)


def temporary_root() -> Path:
    """Return the machine's folder for temporary files; not TMPDIR, which differs between two shells of one user."""
    return Path("/tmp")  # noqa: S108 - what is made below it is 0700 and its owner is checked


def private_folder(folder: Path, uid: int | None = None) -> Path:
    """Make `folder` readable by its owner only; raises LocalServiceError when it belongs to somebody else."""
    owner = os.geteuid() if uid is None else uid
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        if owner != os.geteuid():
            os.chown(folder, owner, -1)
    found = folder.lstat().st_uid
    if found != owner or not folder.is_dir() or folder.is_symlink():
        raise LocalServiceError(
            f"{folder} belongs to user {found}, not to user {owner}: remove it or choose another S3COP_HOME"
        )
    folder.chmod(0o700)
    return folder
