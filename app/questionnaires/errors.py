"""What an office can do wrong with questionnaires."""

from app.core.problems import Conflict, Invalid


class VersionTaken(Conflict):
    """A published version never changes."""

    def __init__(self, form_id: str, version: str) -> None:
        super().__init__(
            f"Versi {version} dari {form_id} sudah terbit dengan isi lain. "
            "Naikkan versi pada lembar settings, lalu terbitkan lagi.",
            f"Version {version} of {form_id} is already published with other content. "
            "Please raise the version on the settings sheet and publish again.",
        )


class NotPublishable(Invalid):
    """A draft that phones could not use."""

    def __init__(self) -> None:
        super().__init__(
            "Draf ini masih mempunyai galat, jadi belum dapat diterbitkan. "
            "Silakan perbaiki berkasnya, lalu unggah lagi sebagai draf baru.",
            "This draft still has errors and cannot be published. "
            "Please correct the file and upload it again as a new draft.",
        )


class NotRaised(Conflict):
    """Versions of a form only grow."""

    def __init__(self, version: str, last: str) -> None:
        super().__init__(
            f"Versi {last} sudah terbit, dan versi {version} tidak lebih tinggi. "
            "Silakan naikkan versi pada lembar settings, lalu unggah lagi.",
            f"Version {last} is published already, and version {version} is not higher. "
            "Please raise the version on the settings sheet and upload again.",
        )


class TooLarge(Invalid):
    """Bytes that are no questionnaire."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"Berkasnya lebih dari {most // 1_000_000} MB. Silakan keluarkan gambar dari buku "
            "kerjanya, atau pecah daftar yang dilampirkan.",
            f"The files have more than {most // 1_000_000} MB. Please either take pictures out of "
            "the workbook, or split the lists that go with it.",
        )


class DraftPublished(Conflict):
    """What is published is not deleted with its draft."""

    def __init__(self) -> None:
        super().__init__(
            "Draf ini sudah diterbitkan, jadi tidak dapat dihapus atau diterbitkan lagi. "
            "Silakan buka versi yang terbit.",
            "This draft is published already; it cannot be deleted or published again. "
            "Please open the published version.",
        )
