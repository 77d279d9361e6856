"""ODK XPath: parsed once, compiled to Python closures."""
