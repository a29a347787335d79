"""Requests that no browser sends end as a refusal, never as a failure of ours, and never with a debug page."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from tests.webportal.attacks.walking import paths
from webportal.accounts.models import User
from webportal.customers.models import Snapshot
from webportal.desk.models import Contact

CONTACTS = "/api/v1/customers/300001/contacts/"
UPDATE = "/charts/app/listening/_dash-update-component"
BODIES = {
    "nothing": ("application/json", b""),
    "broken JSON": ("application/json", b'{"a": '),
    "a list": ("application/json", b"[1, 2, 3]"),
    "a number": ("application/json", b"7"),
    "null": ("application/json", b"null"),
    "deep JSON": ("application/json", b"[" * 100_000),
    "no UTF-8": ("application/json; charset=utf-8", b'"\xff\xfe"'),
    "an unknown charset": ("application/x-www-form-urlencoded; charset=klingon", b"a=b"),
    "multipart without a boundary": ("multipart/form-data", b"--x\r\n"),
    "multipart that breaks off": ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=a"),
    "multipart with a file": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="../../../etc/cron.d/a"\r\n\r\n'
        + b"a\r\n--x--\r\n",
    ),
    "many files": (
        "multipart/form-data; boundary=x",
        b"".join(b'--x\r\nContent-Disposition: form-data; name="f%d"; filename="a"\r\n\r\na\r\n' % n for n in range(50))
        + b"--x--\r\n",
    ),
    "many fields": ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(5_000))),
    "NUL in a field": (
        "application/x-www-form-urlencoded",
        b"username=a%00b&password=%00&next=%00&q=%00&_selected_action=%00",
    ),
    "half a character": ("application/x-www-form-urlencoded", b"username=%f0%9f&password=%ff"),
    "XML": ("application/xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    "a type that is none": (";;;=/", b"a=b"),
}


@pytest.mark.parametrize("name", sorted(BODIES))
def test_no_body_makes_an_address_fail(
    browser_of: Callable[..., Client], administrator: User, snapshot: Snapshot, name: str
) -> None:
    content_type, body = BODIES[name]
    browser = browser_of(administrator)
    for path in paths():
        response = browser.generic("POST", path, body, content_type=content_type)
        assert response.status_code < 500, path
        assert b"etc/passwd" not in response.content or name == "multipart with a file"


@pytest.mark.parametrize("name", sorted(BODIES))
def test_no_body_makes_the_api_fail_or_write(program: Client, snapshot: Snapshot, name: str) -> None:
    content_type, body = BODIES[name]
    key = {"Idempotency-Key": "1"}
    response = program.generic("POST", CONTACTS, body, content_type=content_type, headers=key)
    assert response.status_code == 400
    assert set(response.json()["error"]) == {"code", "message", "fields"}
    assert not Contact.objects.exists()


@pytest.mark.parametrize("name", sorted(BODIES))
def test_the_chart_refuses_what_is_no_question(
    browser_of: Callable[..., Client], agent: User, snapshot: Snapshot, name: str
) -> None:
    content_type, body = BODIES[name]
    response = browser_of(agent).generic("POST", UPDATE, body, content_type=content_type)
    assert 400 <= response.status_code < 500


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("value", [None, True, 7, 1.5, [], ["everyone"], [[1]], {}, {"a": "b"}], ids=str)
def test_the_chart_refuses_a_choice_of_a_wrong_type(
    browser_of: Callable[..., Client], agent: User, snapshot: Snapshot, place: int, value: object
) -> None:
    inputs = [{"id": f"listening-{name}", "property": "value", "value": "both"} for name in ("group", "measure")]
    outputs = [("listening-graph", "figure"), ("listening-group", "options"), ("listening-measure", "options")]
    question = {
        "output": f"..{'...'.join('.'.join(each) for each in outputs)}..",
        "outputs": [{"id": name, "property": part} for name, part in outputs],
        "inputs": inputs,
        "changedPropIds": ["listening-group.value"],
    }
    browser = browser_of(agent)
    assert browser.post(UPDATE, question, content_type="application/json").status_code == 200
    inputs[place]["value"] = value  # type: ignore[assignment] # wrong on purpose
    assert browser.post(UPDATE, question, content_type="application/json").status_code == 400


def test_a_large_body_is_refused_before_it_is_read(browser_of: Callable[..., Client], agent: User) -> None:
    large = b"a=" + b"b" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    for browser in (browser_of(agent), browser_of()):
        for path in paths():
            response = browser.post(path, large, content_type="application/x-www-form-urlencoded")
            assert response.status_code == 413, path


@pytest.mark.django_db
@pytest.mark.parametrize("length", ["-1", "1e9", "none", "99999999999999999999999"])
def test_a_length_that_is_none_is_no_failure(browser_of: Callable[..., Client], length: str) -> None:
    assert browser_of().post("/login/", b"a=b", content_type="text/plain", CONTENT_LENGTH=length).status_code < 500


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver:80:80", "testserver/evil", "", "[::1", "testserver@evil", "a b"]
)
def test_another_host_is_refused(browser_of: Callable[..., Client], agent: User, host: str) -> None:
    browser = browser_of(agent)
    for path in paths():
        response = browser.get(path, headers={"Host": host}, HTTP_HOST=host)
        assert response.status_code == 400, path
        assert "evil" not in response.content.decode()


def test_a_forwarded_host_is_not_believed(browser_of: Callable[..., Client], agent: User) -> None:
    for name in ("X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL"):
        response = browser_of().get("/search/", headers={name: "evil.example"})
        assert "evil" not in response.headers["Location"] + response.content.decode()


COOKIES = [
    'sessionid="\\000aaaaaaaaaaaaaaaa"',
    "sessionid=" + "a" * 8_000,
    "sessionid=; csrftoken=",
    "sessionid='; DROP TABLE django_session; --",
    "csrftoken=\xff\xfe",
    "messages=1.2.3; messages=[[",
    "django_language=../../etc/passwd",
    "; ".join(f"a{n}=b" for n in range(300)),
    "=====;;;;;",
]


@pytest.mark.django_db
@pytest.mark.parametrize("cookie", COOKIES)
def test_no_cookie_makes_an_address_fail(browser_of: Callable[..., Client], cookie: str) -> None:
    browser = browser_of()
    for path in paths():
        response = browser.get(path, HTTP_COOKIE=cookie)
        assert response.status_code < 500, path


QUERIES = [
    "%00",
    "q=%00",
    "q=%ff%fe",
    "a" * 3_000,
    "&&&==&",
    "q[]=1&q[a]=2",
    "q=" + "%F0%9F%98%80" * 300,
    "p=-1",
    "p=" + "9" * 300,
    "o=..",
    "_facets=%00",
]


@pytest.mark.parametrize("query", QUERIES)
def test_no_query_makes_an_address_fail(
    browser_of: Callable[..., Client], administrator: User, snapshot: Snapshot, query: str
) -> None:
    browser = browser_of(administrator)
    for path in paths():
        response = browser.get(path, QUERY_STRING=query)
        assert response.status_code < 500, path


def test_a_refusal_shows_nothing_of_ours(browser_of: Callable[..., Client], administrator: User) -> None:
    browser = browser_of(administrator)
    pages = [browser.get("/search/?q=%00"), browser.get("/", headers={"Host": "evil.example"}), browser.get("/nothing")]
    for response in pages:
        page = response.content.decode()
        assert response.status_code in (400, 404)
        assert not [word for word in ("Traceback", "django", "webportal/", "DEBUG", "urlpatterns") if word in page]
