from datetime import timedelta
from hashlib import sha256

import pytest
from django.utils import timezone

from webportal.accounts.models import User
from webportal.api.models import ApiToken
from webportal.api.tokens import NewToken, create_token, find_live_token, note_use, revoke_tokens


def test_the_text_is_kept_nowhere_and_finds_its_token(token: NewToken) -> None:
    kept = ApiToken.objects.values().get(pk=token.token.pk)
    secret = token.text.removeprefix(f"encore_{token.token.prefix}_")
    assert len(secret) == 43
    assert secret not in str(kept)
    assert kept["digest"] == sha256(secret.encode()).hexdigest()
    assert find_live_token(token.text) == token.token


def test_no_two_tokens_are_alike(agent: User) -> None:
    texts = {create_token(owner=agent, name="CRM", lifetime=timedelta(days=1)).text for _ in range(20)}
    assert len(texts) == 20


@pytest.mark.parametrize("days", [-1, 0, 366])
def test_no_token_lives_for_ever(agent: User, days: int) -> None:
    with pytest.raises(ValueError, match="at most 365 days"):
        create_token(owner=agent, name="CRM", lifetime=timedelta(days=days))


def test_an_expired_token_opens_nothing(token: NewToken) -> None:
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert find_live_token(token.text) is None


def test_a_revoked_token_opens_nothing_and_is_revoked_once(token: NewToken) -> None:
    assert revoke_tokens(ApiToken.objects.all()) == 1
    assert revoke_tokens(ApiToken.objects.all()) == 0
    assert find_live_token(token.text) is None


def test_a_token_of_somebody_who_is_out_opens_nothing(token: NewToken, agent: User) -> None:
    User.objects.filter(pk=agent.pk).update(is_active=False)
    assert find_live_token(token.text) is None


def test_a_use_is_noted_to_the_minute(token: NewToken) -> None:
    note_use(token.token)
    first = ApiToken.objects.get().last_used_at
    assert first is not None
    note_use(ApiToken.objects.get())
    assert ApiToken.objects.get().last_used_at == first
    ApiToken.objects.update(last_used_at=first - timedelta(minutes=2))
    note_use(ApiToken.objects.get())
    assert ApiToken.objects.get().last_used_at > first - timedelta(seconds=1)
