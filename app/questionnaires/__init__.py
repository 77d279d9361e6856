"""Published versions of questionnaires and their lists."""
