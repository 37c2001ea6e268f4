"""What staff see of owners, photos and videos, and what they may do. Rows change through verbs, never by forms."""

from django.contrib import admin

from videos.admin import photos, users, videos

__all__ = ["photos", "users", "videos"]

admin.site.index_template = "admin/dashboard.html"
