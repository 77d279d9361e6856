"""What an office can do wrong with questionnaires."""

from app.core.problems import Conflict


class VersionTaken(Conflict):
    """A published version never changes."""

    def __init__(self, form_id: str, version: str) -> None:
        super().__init__(
            f"Versi {version} dari {form_id} sudah terbit dengan isi lain. "
            "Naikkan versi pada lembar settings, lalu terbitkan lagi.",
            f"Version {version} of {form_id} is already published with other content. "
            "Please raise the version on the settings sheet and publish again.",
        )
