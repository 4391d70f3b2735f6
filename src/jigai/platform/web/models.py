"""What forms leave in the database."""

from __future__ import annotations

from django.db import models


class OnceKey(models.Model):
    """The one-time key of a form that was sent (一次性提交码): a second submit of the same form finds it here.

    ``owner`` is who sent it, ``result`` the address the first submit led to.
    """

    owner = models.CharField(max_length=150)
    key = models.CharField(max_length=40)
    result = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["owner", "key"], name="one_submit_of_a_form"),)

    def __str__(self) -> str:
        return self.key
