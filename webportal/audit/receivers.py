"""Records logins, lockouts and changes of watched models, whatever makes them."""

from typing import Any

from allauth.mfa import signals as second_factor
from axes.signals import user_locked_out
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import models
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver
from django.http import HttpRequest

from webportal.audit.models import Kind
from webportal.audit.services import record

SECRET = frozenset({"password", "token_hash", "data", "digest", "sealed_secret"})
UNINTERESTING = frozenset({"last_login"})
HIDDEN = "(not shown)"

Changes = dict[str, list[Any]]


def values_of(row: models.Model) -> dict[str, Any]:
    """Return the columns of a row that are loaded, as JSON can hold them."""
    loaded = [field for field in row._meta.concrete_fields if field.attname not in row.get_deferred_fields()]
    return {field.attname: _plain(field.value_from_object(row)) for field in loaded}


def changes_between(old: dict[str, Any], new: dict[str, Any]) -> Changes:
    """Return `[old, new]` of each column that differs; of a secret only that it does."""
    differing = [name for name in new if name not in UNINTERESTING and old.get(name) != new[name]]
    return {name: [HIDDEN, HIDDEN] if name in SECRET else [old.get(name), new[name]] for name in differing}


def _plain(value: object) -> Any:  # noqa: ANN401 - JSON is any
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else str(value)


_BEFORE = "_encore_before"


def watch_changes(*watched: type[models.Model]) -> None:
    """Record each row of these models that is added, changed or deleted; apps call it in `AppConfig.ready()`."""
    for model in watched:
        pre_save.connect(_remember, sender=model)
        post_save.connect(_saved, sender=model)
        post_delete.connect(_deleted, sender=model)


@receiver(user_logged_in)
def _logged_in(request: HttpRequest, user: AbstractBaseUser, **_: object) -> None:
    record(Kind.LOGIN, request=request, actor=user)


@receiver(user_logged_out)
def _logged_out(request: HttpRequest, user: AbstractBaseUser | None, **_: object) -> None:
    if user is not None:
        record(Kind.LOGOUT, request=request, actor=user)


@receiver(user_login_failed)
def _login_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: object) -> None:
    record(Kind.LOGIN_FAILED, request=request, details={"user": _known(credentials.get("username"))})


@receiver(user_locked_out)
def _locked_out(request: HttpRequest, username: str | None = None, **_: object) -> None:
    record(Kind.LOCKED_OUT, request=request, details={"user": _known(username)})


@receiver(second_factor.authentication_failed)
def _code_failed(request: HttpRequest, user: AbstractBaseUser, **_: object) -> None:
    record(Kind.LOGIN_FAILED, request=request, details={"user": user.get_username(), "step": "second factor"})


def _known(username: str | None) -> str:
    """Return a user name that exists: anything else may be a password in the wrong field."""
    users = get_user_model()._default_manager
    return username if username and users.filter(username=username).exists() else "(no such user)"


@receiver([second_factor.authenticator_added, second_factor.authenticator_removed, second_factor.authenticator_reset])
def _second_factor_changed(signal: object, user: AbstractBaseUser, authenticator: Any, **_: object) -> None:  # noqa: ANN401 - untyped library
    done = {second_factor.authenticator_added: "added", second_factor.authenticator_removed: "removed"}
    details = {"user": user.get_username(), "type": authenticator.type, "done": done.get(signal, "reset")}
    record(Kind.SECOND_FACTOR, details=details)


def _remember(
    sender: type[models.Model], instance: models.Model, update_fields: frozenset[str] | None = None, **_: object
) -> None:
    """Read the row that is about to be replaced: a query more, for rows that change seldom."""
    if update_fields and update_fields <= UNINTERESTING:
        return
    before = sender._base_manager.filter(pk=instance.pk).first() if instance.pk is not None else None
    setattr(instance, _BEFORE, values_of(before) if before else {})


def _saved(sender: type[models.Model], instance: models.Model, created: bool, raw: bool = False, **_: object) -> None:
    before = instance.__dict__.pop(_BEFORE, None)
    changes = {} if before is None else changes_between(before, values_of(instance))
    if changes and not raw:
        record(Kind.ADDED if created else Kind.CHANGED, details=_details(sender, instance, changes))


def _deleted(sender: type[models.Model], instance: models.Model, **_: object) -> None:
    record(Kind.DELETED, details=_details(sender, instance, changes_between({}, values_of(instance))))


def _details(sender: type[models.Model], instance: models.Model, changes: dict[str, list[Any]]) -> dict[str, Any]:
    return {"what": sender._meta.model_name, "id": instance.pk, "name": str(instance), "changes": changes}
