"""Where backups lie: sealed files in a directory or an object store, by obstore."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import obstore
import structlog
from obstore.exceptions import BaseError as StoreError
from obstore.store import LocalStore, from_url

from app.backup.errors import NoBackup, NoKey, VaultAway, WrongKey
from app.core.settings import Settings, kept_secret
from app.intake.blobs import settle
from sync.codecs.segment import BadSegment, Opened, Seal, seal, unseal

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

LOG = structlog.get_logger()
MARKER = "vault.seg"
_RETRIES: "RetryConfig" = {"max_retries": 3, "retry_timeout": timedelta(seconds=30)}


@dataclass(frozen=True, slots=True)
class Vault:
    """Sealed files under names; what `put` returned from stays after a crash.

    A directory is opened at each use, and never made by looking at it: its disk may come and go.
    """

    place: str
    directory: Path | None
    seal: Seal
    remote: Any = None  # any obstore

    @classmethod
    def of(cls, settings: Settings) -> "Vault | None":
        """Give the place that the settings name; None where they name none."""
        url = settings.backup_url
        if url is None:
            return None
        keys = Seal.of(backup_secret(settings).encode())
        if "://" not in url or url.startswith("file://"):
            directory = Path(url.removeprefix("file://")).resolve()
            return cls(_hashed(str(directory)), directory, keys)
        return cls(
            _hashed(url),
            None,
            keys,
            from_url(url, client_options=_patience(), retry_config=_RETRIES),
        )

    @classmethod
    def needed(cls, settings: Settings) -> "Vault":
        """Give the place that the settings name. Raises NoBackup where they name none."""
        found = cls.of(settings)
        if found is None:
            raise NoBackup(
                "Tempat cadangan belum ditentukan: tidak ada yang meninggalkan mesin ini. Isi "
                "SE2026_BACKUP_URL dengan direktori di disk lain, atau s3://bucket/path, lalu "
                "mulai lagi.",
                "No place for backups is set: nothing leaves this machine. Please set "
                "SE2026_BACKUP_URL to a directory on another disk, or to s3://bucket/path, and "
                "start again.",
            )
        return found

    @classmethod
    def to_read(cls, settings: Settings) -> "Vault":
        """Give the place that the settings name, under a key that is there already.

        Raises NoBackup where they name none, and NoKey: one that is made now opens nothing.
        """
        if settings.backup_url and not (settings.backup_key or _kept_key(settings).exists()):
            raise NoKey
        return cls.needed(settings)

    def prepare(self, office: UUID) -> None:
        """Make the place and mark it as an office's."""
        if self.directory is not None:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._put(MARKER, {"kind": "vault", "office": str(office)}, b"")

    def owner(self) -> UUID | None:
        """Give whose vault it was marked as; None where there is no mark. Raises WrongKey."""
        try:
            found = self.get(MARKER)
        except BadSegment as error:
            raise WrongKey from error
        return None if found is None else UUID(str(found.header["office"]))

    def put(self, name: str, header: dict[str, Any], content: bytes) -> None:
        """Keep content, sealed. Raises VaultAway where the mark is gone: this is not the place."""
        self._put(name, header, content)
        if not self.has(MARKER):
            raise VaultAway

    def get(self, name: str) -> Opened | None:
        """Give what is kept under a name, None for nothing. Raises BadSegment, which names it."""
        if not self._is_there():
            return None
        try:
            sealed = bytes(obstore.get(self._store(), name).bytes())
        except FileNotFoundError:
            return None
        try:
            opened = unseal(self.seal, sealed)
        except BadSegment as error:
            raise BadSegment(f"{name}: {error}") from error
        if opened.header.get("name") != name:
            raise BadSegment(f"{name} stands under another's name")
        return opened

    def has(self, name: str) -> bool:
        """Tell whether something is kept under a name."""
        if not self._is_there():
            return False
        try:
            obstore.head(self._store(), name)
        except FileNotFoundError:
            return False
        return True

    def names(self, prefix: str) -> list[str]:
        """Give the names below a prefix, in order."""
        if not self._is_there():
            return []
        return sorted(each["path"] for page in self._pages(prefix) for each in page)

    def remove(self, name: str) -> None:
        """Let go what is kept under a name."""
        obstore.delete(self._store(), name)

    def _pages(self, prefix: str) -> Iterator[Any]:
        yield from obstore.list(self._store(), prefix=prefix)

    def _put(self, name: str, header: dict[str, Any], content: bytes) -> None:
        obstore.put(self._store(), name, seal(self.seal, {**header, "name": name}, content))
        if self.directory is not None:
            settle(self.directory / name, self.directory)

    def _is_there(self) -> bool:
        """Tell whether there is anything to look into; a file in its place fails by itself."""
        return self.directory is None or self.directory.exists()

    def _store(self) -> Any:  # noqa: ANN401 - any obstore
        return LocalStore(self.directory) if self.directory is not None else self.remote


def reached(settings: Settings) -> Vault | None:
    """Open the vault if it answers; an office whose vault is away serves all the same.

    What then is known of earlier epochs stands beside the database alone; shipping goes on trying.
    """
    try:
        vault = Vault.of(settings)
        if vault is not None:
            vault.has(MARKER)
    except (OSError, StoreError) as error:
        LOG.warning("the vault is out of reach", error=type(error).__name__)
        return None
    return vault


def backup_secret(settings: Settings) -> str:
    """Give the secret under which backups are sealed; made and stored once where none is set."""
    if settings.backup_key is not None:
        return settings.backup_key.get_secret_value()
    return kept_secret(_kept_key(settings))


def _patience() -> "ClientConfig":
    """Hear soon of a store that does not answer, and give a photo on a slow line its time.

    Options that are given here hide those of the environment, so that plain HTTP is read from it.
    """
    plain = os.environ.get("AWS_ALLOW_HTTP", "").lower() in {"1", "true"}
    return {"connect_timeout": "5s", "timeout": "300s", "allow_http": plain}


def _kept_key(settings: Settings) -> Path:
    return settings.data_dir / "backup.key"


def _hashed(url: str) -> str:
    """Give what a database keeps of an address, which may carry a password."""
    return sha256(url.encode()).hexdigest()
