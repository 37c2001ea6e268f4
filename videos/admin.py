"""What staff see of photos and videos. Read-only: rows change through the model's verbs alone."""

from django.contrib import admin

from accounts.admin import ReadOnly
from videos.models import Photo, Video


@admin.register(Video)
class VideoAdmin(ReadOnly):
    list_display = ["created_at", "user", "dance", "format", "status", "step", "attempts", "error_code", "promised_by"]
    list_filter = ["status", "step", "dance", "provider", "error_code"]
    list_select_related = ["user"]
    search_fields = ["id__exact", "user__email", "provider_task_id"]
    date_hierarchy = "created_at"


@admin.register(Photo)
class PhotoAdmin(ReadOnly):
    list_display = ["created_at", "user", "width", "height", "due_at", "deleted_at"]
    list_select_related = ["user"]
    search_fields = ["id__exact", "user__email"]
    date_hierarchy = "created_at"
