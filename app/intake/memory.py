"""How much of what was handed in is held in memory at one time; the rest waits on disk."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Memory:
    """So many bytes for all requests together; who finds none free waits, first come first served.

    What is larger than that is held when nothing else is.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._free = size
        self._turn = asyncio.Lock()
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def holding(self, wanted: int) -> AsyncIterator[None]:
        """Wait until so many bytes are free, and take them while the block runs."""
        taken = min(wanted, self._size)
        async with self._turn, self._changed:
            await self._changed.wait_for(lambda: self._free >= taken)
            self._free -= taken
        try:
            yield
        finally:
            async with self._changed:
                self._free += taken
                self._changed.notify_all()
