"""Saving, renaming and deleting filters; the audit watches the table."""

from django.core.exceptions import PermissionDenied

from webportal.accounts.models import User
from webportal.filters.models import Audience, SavedFilter
from webportal.filters.selectors import audiences_of, may_change


def save_filter(*, owner: User, name: str, query: str, audience: Audience) -> SavedFilter:
    """Save a filter under a name; one of the same name that its owner has is replaced.

    Raises:
        PermissionDenied: the owner may not share with this audience.
    """
    if audience not in audiences_of(owner):
        raise PermissionDenied
    team = owner.team if audience == Audience.TEAM else None
    values = {"query": query, "audience": audience, "team": team}
    saved, _ = SavedFilter.objects.update_or_create(owner=owner, name=name, defaults=values)
    return saved


def rename_filter(*, by: User, saved: SavedFilter, name: str) -> bool:
    """Give a filter another name; tell False when its owner has one of that name.

    Raises:
        PermissionDenied: `by` may not change it.
    """
    if not may_change(by, saved):
        raise PermissionDenied
    if SavedFilter.objects.filter(owner_id=saved.owner_id, name=name).exclude(pk=saved.pk).exists():
        return False
    saved.name = name
    saved.save(update_fields=["name"])
    return True


def delete_filter(*, by: User, saved: SavedFilter) -> None:
    """Delete a filter.

    Raises:
        PermissionDenied: `by` may not change it.
    """
    if not may_change(by, saved):
        raise PermissionDenied
    saved.delete()
