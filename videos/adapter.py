"""The site's account adapter: an account takes over the photos of the guest who signs up or logs in."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from credits.adapter import OwnerAdapter
from videos import visitors


class VisitorAdapter(OwnerAdapter):
    def post_login(self, request: HttpRequest, user: Any, **fields: Any) -> HttpResponse:
        """Return to the photo, with the dance chosen, unless the login was on the way to another page.

        Every way to log in ends here: by code, password, passkey or Google, in an old account or a new one.
        """
        resume_url = visitors.take_over(request, user)
        fields["redirect_url"] = fields.get("redirect_url") or resume_url or None
        return super().post_login(request, user, **fields)
