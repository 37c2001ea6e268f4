from django.urls import path

from videos import views

app_name = "videos"
urlpatterns = [
    path("photos/", views.photo, name="photo"),
    path("photos/<uuid:pk>/", views.dance, name="dance"),
    path("photos/<uuid:pk>/photo.jpg", views.photo_image, name="photo_image"),
    path("photos/<uuid:pk>/thumbnail.webp", views.photo_thumbnail, name="photo_thumbnail"),
    path("photos/<uuid:pk>/frame/<slug:shape>.webp", views.photo_frame, name="photo_frame"),
    path("photos/<uuid:pk>/sticker.webp", views.photo_sticker, name="photo_sticker"),
    path("photos/<uuid:pk>/cutout/", views.switch_cutout, name="switch_cutout"),
    path("photos/<uuid:pk>/previews/<slug:dance>/", views.ask_preview, name="ask_preview"),
    path("photos/<uuid:pk>/previews/<slug:dance>.mp4", views.preview_file, name="preview"),
    path("videos/", views.wall, name="list"),
    path("videos/<uuid:pk>/", views.detail, name="detail"),
    path("videos/<uuid:pk>/dance.mp4", views.video_file, name="file"),
    path("videos/<uuid:pk>/poster.jpg", views.video_poster, name="poster"),
    path("videos/<uuid:pk>/delete/", views.delete, name="delete"),
]
