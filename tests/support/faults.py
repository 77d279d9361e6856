"""Faults seeded into the real source of the engine and the reference journal.

Each replaces one piece of a module's text, so that a fault is a fault of the code as it stands:
where the text has moved on, `seeded` says so instead of seeding nothing.
"""

import inspect
from dataclasses import dataclass
from types import ModuleType
from typing import Final

from sync import engine, memory
from sync.memory import MemoryJournal
from tests.support.ingest_machine import Ingest, IngestMachine


@dataclass(frozen=True)
class Fault:
    """One mistake: in `module`, `right` has become `wrong`."""

    name: str
    module: ModuleType
    right: str
    wrong: str


FAULTS: Final = (
    Fault("digest not compared", engine, "if entry.digest == envelope.digest:", "if True:"),
    Fault("resend never recognised", engine, "if entry.digest == envelope.digest:", "if False:"),
    Fault(
        "duplicate told at the end of the lane",
        engine,
        "return Outcome.DUPLICATE, entry.position",
        "return Outcome.DUPLICATE, lane.position",
    ),
    Fault(
        "duplicate gets a new position",
        engine,
        "return Outcome.DUPLICATE, entry.position",
        "lane.position += 1; return Outcome.DUPLICATE, lane.position",
    ),
    Fault("rival told as stored", engine, "if known:", "if False:"),
    Fault("position reused", engine, "lane.position += 1", "lane.position = 1"),
    Fault("position skipped", engine, "lane.position += 1", "lane.position += 2"),
    Fault("heirs in the journal ignored", engine, "if heir.outcome is Outcome.STORED", "if False"),
    Fault("rivals count as successors", engine, "if heir.outcome is Outcome.STORED", "if True"),
    Fault("heirs in the batch ignored", engine, "lane.inherited.add(", "set().add("),
    Fault(
        "rivals in the batch count as successors",
        engine,
        "if outcome is Outcome.STORED and envelope.prior_instance_id:",
        "if envelope.prior_instance_id:",
    ),
    Fault(
        "a successor must wait for its prior",
        engine,
        "if prior and (envelope.kind, prior) in lane.inherited:",
        "if prior and (envelope.kind, prior) not in lane.held:",
    ),
    Fault("repeats in the batch stored twice", engine, "held.append(", "list(held).append("),
    Fault(
        "kinds confused",
        engine,
        "held.setdefault((entry.kind, entry.instance_id), [])",
        'held.setdefault(("submission", entry.instance_id), [])',
    ),
    Fault("kinds of heirs confused", engine, "(heir.kind, prior)", '("submission", prior)'),
    Fault("chain not linked in the batch", engine, "lane.tail = lane.added[-1].hash", "pass"),
    Fault(
        "chain not linked to the lane",
        engine,
        "return _Lane(held, inherited, position, tail)",
        'return _Lane(held, inherited, position, "0" * 64)',
    ),
    Fault("last entry lost", engine, "append_many(seen.added)", "append_many(seen.added[:-1])"),
    Fault("receipts mixed up", engine, "zip(batch, found,", "zip(batch, found[::-1],"),
    Fault("lane not locked", engine, "    journal.lock(lane)\n", ""),
    Fault(
        "backup promised too early",
        engine,
        "journal.backed_up_through(lane)",
        "seen.position",
    ),
    Fault(
        "failed transaction kept", memory, "del entries[lengths.get(lane, 0) :]", "del entries[:0]"
    ),
    Fault(
        "rival overwrites",
        memory,
        "self._lanes.setdefault(entry.lane, []).append(entry)",
        "self._lanes[entry.lane] = [e for e in self._lanes.get(entry.lane, [])"
        " if e.instance_id != entry.instance_id] + [entry]",
    ),
    Fault(
        "only the latest of an instance found",
        memory,
        "found.setdefault(entry.instance_id, []).append(_held(entry))",
        "found[entry.instance_id] = [_held(entry)]",
    ),
    Fault(
        "rivals not found",
        memory,
        "if entry.instance_id in wanted:",
        'if entry.instance_id in wanted and entry.outcome == "stored":',
    ),
    Fault("head one behind", memory, "entries[-1].position, entries", "len(entries) - 1, entries"),
    Fault(
        "lanes share their instances",
        memory,
        "return found\n\n    def heirs_of",
        "return found or {i: [_held(e) for v in self._lanes.values() for e in v"
        " if e.instance_id == i] for i in wanted}\n\n    def heirs_of",
    ),
)


def seeded(fault: Fault) -> type[IngestMachine]:
    """Give the machine running on the code with `fault` in it."""
    module = _mutant(fault)
    if fault.module is engine:
        faulty: Ingest = module.ingest
        return type("Seeded", (IngestMachine,), {"take": staticmethod(faulty)})
    # the machine asks for a MemoryJournal: the faulty one is told as its descendant
    journal: type[MemoryJournal] = type("Faulty", (MemoryJournal,), _methods(module.MemoryJournal))
    return type("Seeded", (IngestMachine,), {"open_journal": lambda _self: journal()})


def _mutant(fault: Fault) -> ModuleType:
    source = inspect.getsource(fault.module)
    if source.count(fault.right) != 1:
        raise LookupError(f"{fault.name}: the source no longer says {fault.right!r} once.")
    module = ModuleType(fault.module.__name__)
    exec(
        compile(source.replace(fault.right, fault.wrong), f"<{fault.name}>", "exec"),
        module.__dict__,
    )
    return module


def _methods(kind: type) -> dict[str, object]:
    return {
        name: value for name, value in vars(kind).items() if name not in {"__dict__", "__weakref__"}
    }
