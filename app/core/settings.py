"""Every setting of the service, typed; docs/settings.md lists them and a test compares."""

import os
import secrets
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an office sets by environment variables named `SE2026_…`."""

    model_config = SettingsConfigDict(
        env_prefix="SE2026_",
        frozen=True,
        hide_input_in_errors=True,  # a wrong key is never printed
    )

    data_dir: Path = Field(
        Path("var"),
        description="Directory for the embedded database, blobs, releases and the generated key.",
    )
    database_url: str | None = Field(
        None,
        description="PostgreSQL 15 or newer, as postgresql://user:password@host/database. "
        "Absent: the embedded PostgreSQL under the data directory.",
    )
    secret_key: SecretStr | None = Field(
        None,
        min_length=32,
        description="At least 32 characters; signs login tokens. "
        "Absent: made at the first start and kept in the data directory, readable by its owner.",
    )
    blob_url: str | None = Field(
        None,
        description="Where photos and other attachments are kept: file:///path or "
        "s3://bucket/path. Absent: `blobs` under the data directory.",
    )
    backup_url: str | None = Field(
        None,
        description="Where the journal, its files and the tables are shipped to: a directory on "
        "another disk, or s3://bucket/path. Absent: nothing leaves this machine.",
    )
    backup_key: SecretStr | None = Field(
        None,
        min_length=32,
        description="At least 32 characters; seals the backups, and nobody reads them without it. "
        "Absent: made once and kept as `backup.key` in the data directory; keep a copy elsewhere.",
    )
    public_url: str = Field(
        "http://127.0.0.1:8026",
        description="The address under which phones and browsers reach this service.",
    )
    language: str = Field("id", description="Language of pages for new visitors: id or en.")
    regency: str = Field(
        "3375", description="BPS code of the regency or city that an office runs, four digits."
    )
    access_token_minutes: int = Field(
        15, ge=1, le=1440, description="How long a token of the token endpoint is valid."
    )
    session_hours: int = Field(
        12, ge=1, le=168, description="How long a login on the pages is valid."
    )
    max_submission_mb: int = Field(
        4,
        ge=1,
        le=1024,
        description="Largest submission XML that the OpenRosa door takes, in megabytes; "
        "a body in batch v1 has 4 at most.",
    )
    max_request_mb: int = Field(
        100,
        ge=1,
        le=4096,
        description="Largest request with attachments that the doors take, in megabytes.",
    )
    secure_cookies: bool = Field(
        default=False, description="Set to true behind HTTPS: cookies then never travel without it."
    )

    def signing_key(self) -> str:
        """Give the key that signs tokens; made and stored once where none is set."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value()
        return kept_secret(self.data_dir / "secret.key")


def kept_secret(path: Path) -> str:
    """Read the secret in `path`; the first caller makes it, readable by its owner alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, fresh = tempfile.mkstemp(dir=path.parent)  # mode 0600
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(fresh, path)  # whole or not at all, and the first caller wins
        Path(fresh).unlink()
    return path.read_text()


@lru_cache
def settings() -> Settings:
    """Give the settings of this process, read once."""
    return Settings()
