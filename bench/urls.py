from django.urls import path

from bench import views
from petgroove.urls import urlpatterns as site
from videos.views import polling

# Measure only unchanged responses, even if a slow run takes longer than the usual redraw interval.
polling.REDRAW_AFTER = 3600

urlpatterns = [
    path("bench/floor", views.floor, name="bench_floor"),
    path("bench/naive/<uuid:pk>", views.naive, name="bench_naive"),
    *site,
]
