from django.urls import path

from bench import views
from petgroove.urls import urlpatterns as site
from videos.views import polling

# What is measured is the answer without news, also on a machine so busy that a run outlasts the age of a card.
polling.REDRAW_AFTER = 3600

urlpatterns = [
    path("bench/floor", views.floor, name="bench_floor"),
    path("bench/naive/<uuid:pk>", views.naive, name="bench_naive"),
    *site,
]
