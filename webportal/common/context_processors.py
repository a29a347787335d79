"""Facts of the installation for templates."""

from django.conf import settings
from django.http import HttpRequest


def encore_version(request: HttpRequest) -> dict[str, str]:
    """Offer Encore's version to pages of signed-in users; others are told nothing that helps an attack."""
    return {"encore_version": settings.ENCORE_VERSION} if request.user.is_authenticated else {}
