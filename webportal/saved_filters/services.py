"""Saved filters: reads, saving, renaming and deleting. The audit watches the table."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from webportal.accounts.models import User
from webportal.accounts.roles import Right
from webportal.saved_filters.models import Audience, SavedFilter

MOST_SHOWN = 100


@dataclass(frozen=True)
class Entry:
    """A saved filter as one reader finds it."""

    saved: SavedFilter
    is_own: bool
    may_change: bool


def filters_visible_to(viewer: object) -> QuerySet[SavedFilter]:
    """Return the viewer's own filters, those of their team and those for everybody."""
    if not isinstance(viewer, User) or not viewer.has_right(Right.SEE_CUSTOMERS):
        return SavedFilter.objects.none()
    shared = Q(audience=Audience.ALL)
    if viewer.team_id is not None:
        shared |= Q(audience=Audience.TEAM, team_id=viewer.team_id)
    return SavedFilter.objects.filter(Q(owner_id=viewer.pk) | shared).select_related("owner")


def menu_for(viewer: object) -> list[Entry]:
    """Return what stands in the viewer's menu, by name."""
    found = filters_visible_to(viewer)[:MOST_SHOWN]
    return [Entry(each, each.owner_id == _key(viewer), may_change(viewer, each)) for each in found]


def may_change(viewer: object, saved: SavedFilter) -> bool:
    """Tell whether the viewer may rename or delete a filter they find: the owner, or who answers for its readers."""
    if not isinstance(viewer, User):
        return False
    if saved.owner_id == viewer.pk:
        return True
    if saved.audience == Audience.TEAM:
        of_team = saved.team_id == viewer.team_id and viewer.has_right(Right.MANAGE_TEAM)
        return of_team or viewer.is_administrator
    return saved.audience == Audience.ALL and viewer.is_administrator


def audiences_of(viewer: object) -> list[Audience]:
    """Return whom the viewer may share filters with."""
    if not isinstance(viewer, User):
        return []
    to_team = viewer.team_id is not None and (viewer.has_right(Right.MANAGE_TEAM) or viewer.is_administrator)
    shared = [*([Audience.TEAM] if to_team else []), *([Audience.ALL] if viewer.is_administrator else [])]
    return [Audience.OWNER, *shared]


def _key(viewer: object) -> int | None:
    return viewer.pk if isinstance(viewer, User) else None


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
