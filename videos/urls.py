from django.urls import path

from videos.views import dances, files, gallery, notifications, photos, sharing, videos

app_name = "videos"
urlpatterns = [
    path("photos/", photos.photo, name="photo"),
    path("photos/<uuid:pk>/", dances.dance, name="dance"),
    path("photos/<uuid:pk>/delete/", photos.delete_photo, name="delete_photo"),
    path("photos/<uuid:pk>/photo.jpg", files.photo_image, name="photo_image"),
    path("photos/<uuid:pk>/thumbnail.webp", files.photo_thumbnail, name="photo_thumbnail"),
    path("photos/<uuid:pk>/frame/<slug:shape>.webp", files.photo_frame, name="photo_frame"),
    path("photos/<uuid:pk>/sticker.webp", files.photo_sticker, name="photo_sticker"),
    path("photos/<uuid:pk>/head.webp", files.photo_head_sticker, name="photo_head_sticker"),
    path("photos/<uuid:pk>/notes/", photos.photo_notes, name="photo_notes"),
    path("photos/<uuid:pk>/cutout/", photos.switch_cutout, name="switch_cutout"),
    path("photos/<uuid:pk>/head/", photos.set_head, name="set_head"),
    path("photos/<uuid:pk>/style/", photos.set_style, name="set_style"),
    path("photos/<uuid:pk>/previews/<slug:dance>/", dances.ask_preview, name="ask_preview"),
    path("photos/<uuid:pk>/previews/<slug:dance>.mp4", files.preview_file, name="preview"),
    path("videos/", gallery.gallery, name="gallery"),
    path("notifications/", notifications.update_notifications, name="notifications"),
    path("notifications/off/<str:token>/", notifications.unsubscribe, name="unsubscribe"),
    path("videos/<uuid:pk>/", videos.detail, name="detail"),
    path("videos/<uuid:pk>/poll/<str:token>", videos.poll, name="poll"),
    path("videos/<uuid:pk>/tile/<str:token>", gallery.gallery_tile, name="gallery_tile"),
    path("videos/<uuid:pk>/dance.mp4", files.video_file, name="file"),
    path("videos/<uuid:pk>/poster.jpg", files.video_poster, name="poster"),
    path("videos/<uuid:pk>/watched/", videos.watched, name="watched"),
    path("videos/<uuid:pk>/delete/", videos.delete, name="delete"),
    path("videos/<uuid:pk>/restore/", videos.restore, name="restore"),
    path("videos/<uuid:pk>/share/", sharing.switch_share, name="switch_share"),
    path("shared/<slug:token>/", sharing.shared, name="shared"),
    path("shared/<slug:token>/dance.mp4", sharing.shared_file, name="shared_file"),
    path("shared/<slug:token>/poster.jpg", sharing.shared_poster, name="shared_poster"),
]
