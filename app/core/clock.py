"""The only place that asks what time it is."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

JAKARTA = ZoneInfo("Asia/Jakarta")  # western Indonesian time, in which Kota Pekalongan lives


def utc_now() -> datetime:
    """Give the present moment, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - this is the one place
