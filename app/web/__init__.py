"""Pages: login, dashboard with map, documents, candidates; in Indonesian and English."""

from app.web.site import install, protection

__all__ = ["install", "protection"]
