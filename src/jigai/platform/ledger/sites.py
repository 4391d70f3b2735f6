"""What sites are called where one is chosen by typing."""

from __future__ import annotations

from collections import Counter

from jigai.platform.enterprises.models import Site


def site_words() -> dict[int, str]:
    """Return what each site in sight is called: the enterprise, and the site where the enterprise has more."""
    rows = Site.objects.filter(active=True).values_list("pk", "enterprise_name", "name")
    counts = Counter(enterprise for _pk, enterprise, _name in rows)
    return {pk: enterprise if counts[enterprise] == 1 else f"{enterprise} · {name}" for pk, enterprise, name in rows}
