"""Pages of this app; those of signing in are in ``signing_urls``, without a namespace, as allauth asks for them."""

from __future__ import annotations

from django.urls import path

from jigai.platform.accounts.views import gate, grants, hands, own, people, registrations

app_name = "accounts"
urlpatterns = [
    path("me/", own.me, name="me"),
    path("me/language/", own.language, name="language"),
    path("me/sign-ins/<int:pk>/end/", own.end_sign_in, name="end_sign_in"),
    path("switch/<int:pk>/", own.switch, name="switch"),
    path("lock/", gate.lock, name="lock"),
    path("seen/", gate.seen, name="seen"),
    path("people/", people.list_people, name="people"),
    path("people/add/", people.add, name="person_add"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/active/", people.set_active, name="person_active"),
    path("people/<int:pk>/password/", people.new_password, name="person_password"),
    path("people/<int:pk>/assign/", people.assign, name="person_assign"),
    path("people/<int:pk>/unassign/<int:organisation>/", people.unassign, name="person_unassign"),
    path("organisations/", people.list_organisations, name="organisations"),
    path("organisations/add/", people.organisation, name="organisation_add"),
    path("organisations/<int:pk>/", people.organisation, name="organisation"),
    path("organisations/<int:pk>/active/", people.set_organisation_active, name="organisation_active"),
    path("grants/", grants.list_grants, name="grants"),
    path("grants/matrix/", grants.matrix, name="matrix"),
    path("grants/locked/", grants.lock_outs, name="lock_outs"),
    path("grants/locked/release/", grants.release, name="release"),
    path("grants/<int:pk>/", grants.grant, name="grant"),
    path("grants/<int:pk>/take/<int:membership>/", grants.take, name="take"),
    path("grants/<int:pk>/second-factor/", grants.reset_second_factor, name="reset_second_factor"),
    path("registrations/", registrations.list_registrations, name="registrations"),
    path("registrations/<int:pk>/", registrations.registration, name="registration"),
    path("register/<str:word>/", registrations.receipt, name="receipt"),
    path("hands/", hands.list_hands, name="hands"),
    path("hands/<int:pk>/dismiss/", hands.dismiss, name="dismiss"),
    path("hands/invitations/<int:pk>/revoke/", hands.revoke, name="revoke"),
    path("invitation/<str:word>/", hands.invitation, name="invitation"),
]
