"""The admin of users, photos and videos. Staff change rows through actions, never through forms."""

from django.contrib import admin

from videos.admin import photos, users, videos

__all__ = ["photos", "users", "videos"]

admin.site.index_template = "admin/dashboard.html"
