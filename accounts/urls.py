from django.urls import path

from accounts import views

urlpatterns = [
    path("account/data/", views.data, name="account_data"),
    path("account/data/petgroove.zip", views.export, name="account_export"),
    path("account/close/", views.close, name="account_close"),
    path("account/closed/", views.closed, name="account_closed"),
]
