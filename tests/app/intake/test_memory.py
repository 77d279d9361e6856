"""What is held in memory at one time is bounded, and nobody waits for ever."""

import asyncio

import pytest

from app.intake.memory import Memory


@pytest.mark.parametrize("sizes", [[6] * 5, [10, 1, 25, 1, 4, 4, 4], [0, 30, 0, 30]])
def test_no_more_is_held_than_there_is_room_for(sizes: list[int]) -> None:
    most: list[int] = []
    served: list[int] = []

    async def hold(memory: Memory, size: int, held: list[int]) -> None:
        async with memory.holding(size):
            held.append(size)
            most.append(sum(held))
            await asyncio.sleep(0)
            held.remove(size)
        served.append(size)

    async def all_at_once() -> None:
        memory, held = Memory(10), list[int]()
        await asyncio.gather(*(hold(memory, size, held) for size in sizes))
        async with memory.holding(10):  # all of it came back
            pass

    asyncio.run(all_at_once())
    assert sorted(served) == sorted(sizes)
    assert max(most) <= max(10, *sizes)


def test_who_breaks_off_takes_nothing_along() -> None:
    async def broken_off() -> None:
        memory = Memory(10)
        async with memory.holding(10):
            waiting = asyncio.create_task(_held(memory))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        with pytest.raises(ValueError, match="within"):
            await _held(memory, ValueError("within"))
        await _held(memory)

    asyncio.run(broken_off())


async def _held(memory: Memory, error: Exception | None = None) -> None:
    async with memory.holding(10):
        if error is not None:
            raise error
