"""What is wrong with what a caller gave, said so that the caller can mend it."""


class BadInput(Exception):  # noqa: N818 - what is bad is the input
    """A file that cannot be used as it is; the message says why, in both languages."""

    def __init__(self, message_id: str, message_en: str) -> None:
        super().__init__(message_en)
        self.message_id = message_id
        self.message_en = message_en
