"""What can be wrong with the region tree that somebody brings."""


class BadCode(ValueError):  # noqa: N818 - says what it is
    """A text that is no area code; both sentences say what was expected."""

    def __init__(self, message_id: str, message_en: str) -> None:
        super().__init__(message_en)
        self.message_id = message_id
        self.message_en = message_en
