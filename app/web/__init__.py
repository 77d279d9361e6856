"""Pages: login, dashboard with map, documents, candidates; in Indonesian and English."""

from app.web.site import install

__all__ = ["install"]
