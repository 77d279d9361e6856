"""What can go wrong between a device and the journal.

SyncError
├── Unreadable     bytes that cannot be read as what they claim to be: one code, two sentences
├── WrongContent   a blob whose bytes do not have the digest it was given under
├── BrokenJournal  the reference journal was asked for what a journal must never do
├── SpoolBusy      another process has the spool of this device open
├── Unreachable    the server did not answer, however often it was asked
└── Refused        the server answered that this device must change something first
"""

from typing import Final

#: code → (Bahasa Indonesia, English). Every sentence says what to do next.
_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "not_xml": (
        "Isi kiriman bukan XML yang utuh. Kirim ulang dari aplikasi formulir tanpa mengubahnya.",
        "The submission is not well-formed XML. Send it again from the form app, unchanged.",
    ),
    "has_doctype": (
        "Kiriman memuat DOCTYPE, yang tidak diterima. Hapus deklarasi itu lalu kirim ulang.",
        "The submission holds a DOCTYPE, which is not accepted. Remove it and send again.",
    ),
    "too_large": (
        "Kiriman terlalu besar. Kirim lebih sedikit sekaligus, dan lampiran secara terpisah.",
        "The message is too large. Send less at once, and attachments on their own.",
    ),
    "too_deep": (
        "Susunan kiriman bertingkat terlalu dalam. Kirim ulang dari aplikasi formulir.",
        "The message is nested too deeply. Send it again from the form app.",
    ),
    "not_a_submission": (
        "XML ini bukan kiriman formulir: id formulir tidak ada. Kirim jawaban, bukan formulirnya.",
        "This XML is no submission: it names no form id. Send the answers, not the form.",
    ),
    "half_multipart": (
        "Kiriman terpotong: bagian xml_submission_file tidak utuh. Kirim ulang.",
        "The request is cut short: the part xml_submission_file is not whole. Send it again.",
    ),
    "no_instance_id": (
        "Kiriman tidak memiliki instanceID. Perbarui aplikasi formulir lalu kirim ulang.",
        "The submission has no instanceID. Update the form app and send again.",
    ),
    "bad_identifier": (
        "Sebuah pengenal kosong, terlalu panjang, atau memuat karakter terlarang. Perbaiki dulu.",
        "An identifier is empty, too long or holds forbidden characters. Correct it first.",
    ),
    "not_json": (
        "Isi permintaan bukan JSON yang utuh. Perbarui aplikasi lalu kirim ulang.",
        "The request is not well-formed JSON. Update the app and send again.",
    ),
    "bad_request": (
        "Susunan permintaan tidak sesuai protokol. Perbarui aplikasi lalu kirim ulang.",
        "The request does not follow the protocol. Update the app and send again.",
    ),
    "unknown_protocol": (
        "Versi protokol ini tidak dikenal; server berbicara protokol 1. Perbarui aplikasi.",
        "This protocol version is unknown; the server speaks protocol 1. Update the app.",
    ),
    "too_many": (
        "Terlalu banyak dalam satu permintaan. Kirim paling banyak 200 amplop, atau 5000 baris.",
        "Too many in one request. Send at most 200 envelopes, or 5000 lines of a ledger.",
    ),
    "unknown_encoding": (
        "Content-Encoding tidak dikenal. Gunakan zstd, gzip, deflate, atau tanpa itu.",
        "The Content-Encoding is unknown. Use zstd, gzip, deflate or none.",
    ),
    "bad_encoding": (
        "Isi yang dimampatkan rusak atau terpotong. Kirim ulang.",
        "The compressed content is damaged or cut short. Send it again.",
    ),
    "bad_envelope": (
        "Susunan amplop ini tidak sesuai protokol. Simpan berkasnya dan perbarui aplikasi.",
        "This envelope does not follow the protocol. Keep the file and update the app.",
    ),
    "digest_mismatch": (
        "Isi amplop tidak sama dengan sha256 yang dinyatakan: rusak di jalan. Kirim ulang.",
        "The body does not have the sha256 that was stated: damaged on its way. Send it again.",
    ),
    "header_mismatch": (
        "Kepala amplop tidak sama dengan isi XML-nya. Simpan berkasnya dan perbarui aplikasi.",
        "The envelope's header disagrees with its XML. Keep the file and update the app.",
    ),
    "bad_cursor": (
        "Penanda sinkronisasi tidak dikenal. Mulai mengunduh lagi tanpa penanda.",
        "The cursor is unknown. Start pulling again without a cursor.",
    ),
    "bad_answer": (
        "Jawaban server tidak dapat dibaca. Coba lagi nanti.",
        "The server's answer cannot be read. Try again later.",
    ),
}

CODES: Final = frozenset(_SENTENCES)


class SyncError(Exception):
    """Root of what sync raises."""


class Unreadable(SyncError):  # noqa: N818 - named for what happened
    """Bytes that cannot be read; `code` is for machines, the two sentences are for people.

    Nothing of the content is repeated in the sentences: they may be logged.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        self.message_id, self.message_en = _SENTENCES[code]
        super().__init__(self.message_en)


class WrongContent(SyncError):  # noqa: N818 - named for what happened
    """The bytes of a blob do not have the digest under which they were given."""


class BrokenJournal(SyncError):  # noqa: N818 - named for what happened
    """A journal was asked to reuse a position, skip one, or write to a lane it has not locked."""


class SpoolBusy(SyncError):  # noqa: N818 - named for what happened
    """Another process has this spool open; close it first."""


class Unreachable(SyncError):  # noqa: N818 - named for what happened
    """The server gave no usable answer after all attempts; everything stays in the spool."""


class Refused(SyncError):  # noqa: N818 - named for what happened
    """The server wants something changed before it takes anything: `status` says what.

    401: sign in again · 403: no right to this door · 404, 410: wrong address.
    """

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(f"The server answered {status}: correct sign-in or address, then retry.")
