"""What an answer says when something is wrong: a stable code and a sentence in both languages."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as Refused
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from jigai.platform.web.once import OtherContentError


class Problem(Schema):
    """Why a request was not served. ``code`` is a row of ``problems.csv``; ``where`` names the parameters at fault."""

    code: str
    message_zh: str
    message_en: str
    where: list[str] = []


ERRORS = {401: Problem, 403: Problem, 404: Problem, 422: Problem}
"""The answers besides 200 that every operation may give."""


@cache
def _sentences() -> dict[str, dict[str, str]]:
    text = files("jigai.platform.api.v1").joinpath("problems.csv").read_text(encoding="utf-8")
    return {row["code"]: row for row in csv.DictReader(text.splitlines())}


def problem(code: str, where: list[str] | None = None, **fields: Any) -> dict[str, Any]:
    """Return the problem ``code`` with its sentences filled in."""
    row = _sentences()[code]
    return {
        "code": code,
        "message_zh": row["zh"].format(**fields),
        "message_en": row["en"].format(**fields),
        "where": where or [],
    }


def answer_with_problems(api: NinjaAPI) -> None:
    """Make every error of the interface one of the documented problems."""

    def reply(
        request: HttpRequest, status: int, code: str, where: list[str] | None = None, **fields: Any
    ) -> HttpResponse:
        return api.create_response(request, problem(code, where, **fields), status=status)

    @api.exception_handler(AuthenticationError)
    def _unknown(request: HttpRequest, error: Any) -> HttpResponse:
        answer = reply(request, 401, "token_needed")
        answer["WWW-Authenticate"] = "Bearer"
        return answer

    @api.exception_handler(PermissionDenied)
    def _denied(request: HttpRequest, error: Any) -> HttpResponse:
        return reply(request, 403, "capability_missing", capability=str(error))

    @api.exception_handler(Http404)
    def _missing(request: HttpRequest, error: Any) -> HttpResponse:
        return reply(request, 404, "not_found")

    @api.exception_handler(ValidationError)
    def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return reply(request, 422, "invalid", [".".join(map(str, one["loc"])) for one in error.errors])

    @api.exception_handler(Refused)
    def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
        fields = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        why = "；".join(text for texts in fields.values() for text in texts)
        return reply(request, 422, "refused", [name for name in fields if name], why=why)

    @api.exception_handler(OtherContentError)
    def _reused(request: HttpRequest, error: OtherContentError) -> HttpResponse:
        return reply(request, 422, "key_reused", ["header.Idempotency-Key"], former=error.result)

    @api.exception_handler(HttpError)
    def _other(request: HttpRequest, error: HttpError) -> HttpResponse:
        return reply(request, error.status_code, "unreadable")
