"""Where backups lie: sealed files in a directory or an object store, by obstore."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import obstore
import structlog
from obstore.exceptions import BaseError as StoreError
from obstore.store import LocalStore, from_url

from app.core.settings import Settings, kept_secret
from app.intake.blobs import settle
from sync.codecs.segment import Opened, Seal, seal, unseal

LOG = structlog.get_logger()
_ANYTHING = "epoch.seg"


class NoBackup(Exception):  # noqa: N818 - says what it is
    """There is no place for backups, or nothing in it; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Vault:
    """Sealed files under names; what `put` returned from stays after a crash."""

    store: Any  # any obstore
    directory: Path | None
    seal: Seal

    @classmethod
    def of(cls, settings: Settings) -> "Vault | None":
        """Open the place that the settings name; None where they name none."""
        url = settings.backup_url
        if url is None:
            return None
        keys = Seal.of(backup_secret(settings).encode())
        if "://" not in url or url.startswith("file://"):
            directory = Path(url.removeprefix("file://")).resolve()
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            return cls(LocalStore(directory), directory, keys)
        return cls(from_url(url), None, keys)

    @classmethod
    def needed(cls, settings: Settings) -> "Vault":
        """Open the place that the settings name. Raises NoBackup where they name none."""
        found = cls.of(settings)
        if found is None:
            raise NoBackup(
                "No place for backups is set. Please set SE2026_BACKUP_URL to a directory on "
                "another disk, or to s3://bucket/path, and start again."
            )
        return found

    def put(self, name: str, header: dict[str, Any], content: bytes) -> None:
        """Keep content, sealed."""
        obstore.put(self.store, name, seal(self.seal, {**header, "name": name}, content))
        if self.directory is not None:
            settle(self.directory / name, self.directory)

    def get(self, name: str) -> Opened | None:
        """Give what is kept under a name, None for nothing. Raises BadSegment."""
        try:
            sealed = bytes(obstore.get(self.store, name).bytes())
        except FileNotFoundError:
            return None
        return unseal(self.seal, sealed)

    def has(self, name: str) -> bool:
        """Tell whether something is kept under a name."""
        try:
            obstore.head(self.store, name)
        except FileNotFoundError:
            return False
        return True

    def names(self, prefix: str) -> list[str]:
        """Give the names below a prefix, in order."""
        return sorted(each["path"] for page in self._pages(prefix) for each in page)

    def remove(self, name: str) -> None:
        """Let go what is kept under a name."""
        obstore.delete(self.store, name)

    def _pages(self, prefix: str) -> Iterator[Any]:
        yield from obstore.list(self.store, prefix=prefix)


def reached(settings: Settings) -> Vault | None:
    """Open the vault if it answers; an office whose vault is away serves all the same.

    What then is known of earlier epochs stands beside the database alone; shipping goes on trying.
    """
    try:
        vault = Vault.of(settings)
        if vault is not None:
            vault.has(_ANYTHING)
    except (OSError, StoreError) as error:
        LOG.warning("the vault is out of reach", error=type(error).__name__)
        return None
    return vault


def backup_secret(settings: Settings) -> str:
    """Give the secret under which backups are sealed; made and stored once where none is set."""
    if settings.backup_key is not None:
        return settings.backup_key.get_secret_value()
    return kept_secret(settings.data_dir / "backup.key")
