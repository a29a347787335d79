"""Teams and their scopes in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from webportal.accounts.admin.lines import LinesField
from webportal.accounts.models import Team
from webportal.accounts.models.team import LEVELS, LONGEST_PLACE
from webportal.accounts.services import set_listed_customers
from webportal.customers.numbers import is_wellformed


class TeamForm(forms.ModelForm):  # type: ignore[type-arg] # not generic at run time
    """A team with its scope."""

    levels = forms.MultipleChoiceField(
        label=gettext_lazy("Levels"),
        choices=LEVELS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=Team._meta.get_field("levels").help_text,
    )
    places = LinesField(
        label=gettext_lazy("Places"), required=False, help_text=Team._meta.get_field("places").help_text
    )
    listed = LinesField(
        label=gettext_lazy("Customer numbers"),
        required=False,
        help_text=gettext_lazy("One a line. They count when “only listed customers” is set."),
    )

    class Meta:
        model = Team
        fields = ("name", "levels", "places", "by_list")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - a form's own
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            numbers = self.instance.listed.order_by("customer_number").values_list("customer_number", flat=True)
            self.initial["listed"] = list(numbers)

    def clean_places(self) -> list[str]:
        """Refuse what is no place."""
        places: list[str] = self.cleaned_data["places"]
        if any(len(place) > LONGEST_PLACE for place in places):
            raise forms.ValidationError(_("A place has at most %(n)d characters.") % {"n": LONGEST_PLACE})
        return places

    def clean_listed(self) -> list[str]:
        """Refuse what cannot be a customer number, and say which line it is."""
        numbers: list[str] = self.cleaned_data["listed"]
        for line, number in enumerate(numbers, start=1):
            if not is_wellformed(number):
                raise forms.ValidationError(_("Line %(line)d is not a customer number.") % {"line": line})
        return numbers


class TeamAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """Teams, with whom they see in one line."""

    form = TeamForm
    list_display = ("name", "scope", "members")
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("name",)}),
        (
            gettext_lazy("Scope"),
            {
                "fields": ("levels", "places", "by_list", "listed"),
                "description": gettext_lazy(
                    "The users of the team see the customers who meet every part that is set. "
                    "If nothing is set, they see ALL customers."
                ),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        """Count users and listed customers along."""
        teams: QuerySet[Team] = super().get_queryset(request)
        counted: QuerySet[Team] = teams.annotate(
            user_count=Count("users", distinct=True), listed_count=Count("listed", distinct=True)
        )
        return counted

    def save_model(self, request: HttpRequest, obj: Team, form: Any, change: bool) -> None:  # noqa: ANN401 - Django's signature
        """Save the team and its list."""
        super().save_model(request, obj, form, change)
        set_listed_customers(team=obj, numbers=form.cleaned_data["listed"])

    @admin.display(description=gettext_lazy("sees"))
    def scope(self, team: Team) -> str:
        """Say the scope in words."""
        if team.sees_all:
            return _("all customers")
        parts = [", ".join(str(dict(LEVELS)[level]) for level in team.levels), "; ".join(team.places)]
        if team.by_list:
            parts.append(_("%(n)d listed customers") % {"n": getattr(team, "listed_count", 0)})
        return " · ".join(filter(None, parts))

    @admin.display(description=gettext_lazy("users"), ordering="user_count")
    def members(self, team: Team) -> int:
        """Count its users."""
        return getattr(team, "user_count", 0)
