"""Requests as views see them."""

from django.http import HttpRequest

from accounts.models import User


class UserRequest(HttpRequest):
    """A request to a view that needs a login: its user is never anonymous."""

    user: User
