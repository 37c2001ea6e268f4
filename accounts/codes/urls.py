"""The pages that stand before allauth's of the same name and path, and two of our own."""

from allauth.account.decorators import reauthentication_required
from allauth.account.views import password_set
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import RedirectView

from accounts.codes import views
from accounts.codes.reauthentication import ReauthenticateByCodeView

to_entrance = login_not_required(RedirectView.as_view(pattern_name="account_login", query_string=True))

urlpatterns = [
    path("login/", views.EntranceView.as_view(), name="account_login"),
    path("signup/", to_entrance, name="account_signup"),
    path("login/code/", to_entrance, name="account_request_login_code"),
    path("login/code/confirm/", views.ConfirmLoginCodeView.as_view(), name="account_confirm_login_code"),
    path("login/password/", views.PasswordLoginView.as_view(), name="account_login_by_password"),
    path("email/", views.AddressesView.as_view(), name="account_email"),
    path("password/reset/", views.PasswordResetView.as_view(), name="account_reset_password"),
    path("confirm-email/", views.ConfirmEmailView.as_view(), name="account_email_verification_sent"),
    path(
        "password/reset/confirm/",
        views.ConfirmPasswordResetCodeView.as_view(),
        name="account_confirm_password_reset_code",
    ),
    # Somebody who finds a browser that is logged in must not be able to add a password to the account.
    path("password/set/", reauthentication_required(password_set), name="account_set_password"),
    path("reauthenticate/code/", ReauthenticateByCodeView.as_view(), name="account_reauthenticate_by_code"),
]
