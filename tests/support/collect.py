"""A phone with ODK Collect, as far as OpenRosa and entities go: it only knows what it downloads.

Its rules for lists of entities are Collect's: what it does offline raises its own version; a list
from the server replaces what is older there, and opens a new branch.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import md5
from typing import Any

import httpx
from lxml import etree

from app.core.ids import named_id
from forms.compile import Compiled
from forms.fill import fill
from forms.lists import ListTable, StaticLists
from forms.schema import Questionnaire
from forms.xform import read_xform
from tests.support.asgi import Caller

XF = "{http://openrosa.org/xforms/xformsList}"
XM = "{http://openrosa.org/xforms/xformsManifest}"
_OWN = ("__version", "__trunkVersion", "__branchId")


@dataclass
class Local:
    """An entity as the phone has it."""

    label: str
    version: int
    trunk: str
    branch: str
    fields: dict[str, str]
    is_offline: bool = False

    def is_behind(self, version: int) -> bool:
        """Tell whether the server's row counts: of an equal version only after a change of ours."""
        is_changed = self.trunk != str(self.version)
        return self.version < version or (self.version == version and is_changed)

    def row(self, name: str) -> dict[str, str]:
        own = dict(zip(_OWN, (str(self.version), self.trunk, self.branch), strict=True))
        return {"name": name, "label": self.label, **own, **self.fields}


@dataclass
class Phone:
    """One installation of the app, set up with a server address."""

    client: Caller
    server: str
    name: str = "phone"
    auth: Mapping[str, str] = field(default_factory=dict)
    forms: dict[str, Questionnaire] = field(default_factory=dict)
    media: dict[str, dict[str, bytes]] = field(default_factory=dict)
    entities: dict[str, dict[str, Local]] = field(default_factory=dict)
    etags: dict[str, str] = field(default_factory=dict)
    _count: int = 0

    def get(self, url: str, **headers: str) -> httpx.Response:
        sent = {"X-OpenRosa-Version": "1.0", **self.auth, **headers}
        answer = self.client.get(url, headers=sent)
        assert answer.headers["X-OpenRosa-Version"] == "1.0"
        return answer

    def update(self) -> None:
        """Refresh forms, their media and lists of entities."""
        listing = self.get(f"{self.server}/formList?verbose=true")
        assert listing.status_code == 200, listing.text
        for form in etree.fromstring(listing.content):
            form_id, manifest_url = form.findtext(f"{XF}formID"), form.findtext(f"{XF}manifestUrl")
            body = self.get(str(form.findtext(f"{XF}downloadUrl"))).content
            assert form.findtext(f"{XF}hash") == f"md5:{md5(body).hexdigest()}"
            self.forms[str(form_id)] = read_xform(body)
            self.media[str(form_id)] = dict(self._media(str(manifest_url)))

    def _media(self, manifest_url: str) -> Iterator[tuple[str, bytes]]:
        for file in etree.fromstring(self.get(manifest_url).content):
            name = str(file.findtext(f"{XM}filename"))
            body = self.get(str(file.findtext(f"{XM}downloadUrl"))).content
            assert file.findtext(f"{XM}hash") == f"md5:{md5(body).hexdigest()}"
            asked = file.findtext(f"{XM}integrityUrl")
            assert (file.get("type") == "entityList") == (asked is not None)
            if asked is not None:
                self._merge(name.removesuffix(".csv"), body, asked)
            yield name, body

    def _merge(self, dataset: str, body: bytes, integrity_url: str) -> None:
        mine = self.entities.setdefault(dataset, {})
        rows = {row["name"]: row for row in csv.DictReader(io.StringIO(body.decode()))}
        for name, row in rows.items():
            version, held = int(row["__version"]), mine.get(name)
            if held is None or held.is_behind(version):
                branch = str(named_id("branch", self.name, name, str(version)))
                fields = {k: v for k, v in row.items() if k not in {"name", "label", *_OWN}}
                mine[name] = Local(row["label"], version, str(version), branch, fields)
            else:
                held.is_offline = False
        missing = [name for name in mine if name not in rows]
        for name in missing:
            if not mine[name].is_offline:
                del mine[name]
        if asked := [name for name in missing if name in mine]:
            for entity in etree.fromstring(
                self.get(f"{integrity_url}?id={','.join(asked)}").content
            ).iter("entity"):
                if entity.findtext("deleted") == "true":
                    del mine[entity.attrib["id"]]

    def lists(self, form_id: str) -> StaticLists:
        tables = {
            name.removesuffix(".csv"): ListTable.from_csv(body)
            for name, body in self.media[form_id].items()
        }
        for dataset, entities in self.entities.items():
            rows = [one.row(name) for name, one in entities.items()]
            if f"{dataset}.csv" in self.media[form_id] and rows:
                file = io.StringIO()
                columns = list(dict.fromkeys(key for row in rows for key in row))
                writer = csv.DictWriter(file, columns, restval="")
                writer.writeheader()
                writer.writerows(rows)
                tables[dataset] = ListTable.from_csv(file.getvalue().encode())
        return StaticLists(tables)

    def write(
        self,
        form_id: str,
        answers: Mapping[str, Any],
        *,
        at: datetime,
        create: str = "",
        update: str = "",
        edit_of: str | None = None,
        dataset: str = "usaha",
    ) -> tuple[str, bytes]:
        """Fill in a form and finalize it; give the instance id and what would be sent.

        `create` or `update` names the entity; the phone's own list changes at once.
        """
        self._count += 1
        form = self.forms[form_id]
        instance_id = f"uuid:{named_id('collect', self.name, str(self._count))}"
        body = fill(
            form,
            answers,
            self.lists(form_id),
            instance_id=instance_id,
            start=at,
            end=at + timedelta(minutes=5),
            device_id=self.name,
            deprecated_id=edit_of,
        )
        return instance_id, self._declared(body, form, dataset, create, update)

    def _declared(
        self, body: bytes, form: Questionnaire, dataset: str, create: str, update: str
    ) -> bytes:
        root = etree.fromstring(body)
        entity = next(root.iter("{*}entity"))
        entity_id = create or update
        held = self.entities.setdefault(dataset, {}).get(entity_id)
        known = held.row(entity_id) if held else dict.fromkeys(_OWN, "")
        told = {
            "id": entity_id,
            "create": "1" if create else "",
            "update": "1" if update else "",
            "baseVersion": known["__version"],
            "trunkVersion": known["__trunkVersion"],
            "branchId": known["__branchId"],
        }
        for name, text in told.items():
            entity.set(name, text)
        (declared,) = form.entities
        fields = {
            name: found[0].text or ""
            for name, path in declared.saves.items()
            if (found := root.findall(path.removeprefix(f"{form.root.path}/")))
        }
        label = next((child.text or "" for child in entity), "")
        if held is None:
            branch = str(named_id("branch", self.name, entity_id))
            self.entities[dataset][entity_id] = Local(label, 1, "", branch, fields, is_offline=True)
        else:
            held.version += 1
            held.label = label or held.label
            held.fields |= fields
        return etree.tostring(root)

    def send(self, body: bytes, *, incomplete: bool = False, **files: bytes) -> httpx.Response:
        """Post a finalized form as Collect does."""
        parts: dict[str, Any] = {"xml_submission_file": ("submission.xml", body, "text/xml")}
        parts |= {name: (name, content, "image/jpeg") for name, content in files.items()}
        if incomplete:
            parts["*isIncomplete*"] = (None, "yes")
        return self.client.post(f"{self.server}/submission", files=parts, headers=self.auth)


def compiled_by_pyxform(markdown: str) -> Compiled:
    """Compile an XLSForm written in Markdown by pyxform itself."""
    from pyxform.xls2xform import convert

    made = convert(xlsform=markdown, file_type=".md", pretty_print=False, validate=False)
    xform = made.xform.encode()
    tree = read_xform(xform)
    return Compiled(tree.form_id, tree.version, tree.title, xform, {}, ())
