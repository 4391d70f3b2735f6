"""Sign people in through the pages, as they do themselves."""

from __future__ import annotations

from django.test import Client

PASSWORD = "correct horse battery"


def sign_in(name: str, password: str = PASSWORD, client: Client | None = None, **extra) -> Client:
    client = client or Client()
    client.answer = client.post("/account/login/", {"login": name, "password": password}, **extra)
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/me/").status_code == 200


def said(response) -> str:
    return response.content.decode()
