"""The admin of users, photos and videos. Staff change rows through actions, never through forms."""

from django.contrib import admin

from videos.admin import photos, reports, users, videos

__all__ = ["photos", "reports", "users", "videos"]

admin.site.index_template = "admin/dashboard.html"
