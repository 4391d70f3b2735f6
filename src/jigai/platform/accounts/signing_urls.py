"""The pages of allauth that this site uses, each with its guard; those it does not use do not exist."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as single_sign_on
from django.urls import path

from jigai.platform.accounts.views import gate, registrations
from jigai.platform.walls.guards import open_to_all, signed_in

own = signed_in("one's own sign-in")
entry = open_to_all("signing in comes before any account")

urlpatterns = [
    path("login/", entry(account.login), name="account_login"),
    path("logout/", entry(account.logout), name="account_logout"),
    path("inactive/", entry(account.account_inactive), name="account_inactive"),
    path("register/", registrations.register, name="account_signup"),
    path("forgotten/", gate.forgotten, name="account_reset_password"),
    path("reauthenticate/", own(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", own(account.password_change), name="account_change_password"),
    path("password/set/", own(account.password_set), name="account_set_password"),
    path("2fa/", own(second.index), name="mfa_index"),
    path("2fa/authenticate/", entry(second.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", own(second.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", own(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", own(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", own(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("2fa/webauthn/", own(keys.list_webauthn), name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", own(keys.add_webauthn), name="mfa_add_webauthn"),
    path("2fa/webauthn/reauthenticate/", own(keys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", own(keys.remove_webauthn), name="mfa_remove_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/edit/", own(keys.edit_webauthn), name="mfa_edit_webauthn"),
    path("3rdparty/login/cancelled/", entry(social.login_cancelled), name="socialaccount_login_cancelled"),
    path("3rdparty/login/error/", entry(social.login_error), name="socialaccount_login_error"),
    path("oidc/<str:provider_id>/login/", gate.single_sign_on, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", entry(single_sign_on.callback), name="openid_connect_callback"),
]
