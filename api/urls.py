from django.urls import path

from api import views
from api.endpoints import api

urlpatterns = [
    path("account/tokens/", views.tokens, name="api_tokens"),
    path("account/tokens/<int:pk>/revoke/", views.revoke_token, name="api_revoke_token"),
    path("api/openapi.json", views.openapi, name="api_openapi"),
    path("api/", api.urls),
    path("api/<path:rest>", views.not_found, name="api_not_found"),
]
