import json

import pytest
from django.test import RequestFactory

from webportal.common.error_pages import error_body, refuse


@pytest.mark.parametrize("status", [400, 413, 500, 503])
def test_people_get_a_page_and_programs_json(status: int) -> None:
    page = refuse(RequestFactory().get("/search/"), status)
    assert (page.status_code, page.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    answer = refuse(RequestFactory().get("/api/v1/customers/"), status, {"q": ["wrong"]})
    body = json.loads(answer.content)["error"]
    assert (answer.status_code, body["fields"]) == (status, {"q": ["wrong"]})
    assert body["code"]
    assert body["message"].endswith(".")


def test_a_body_has_its_three_parts_also_without_fields() -> None:
    assert error_body("a", "B.") == {"error": {"code": "a", "message": "B.", "fields": {}}}
