import pytest

from tests.webportal.starting import KEY, URL, start


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        ({"DJANGO_SECRET_KEY": KEY}, "Encore cannot start: The environment variable DATABASE_URL is not set.\n"),
        ({"DATABASE_URL": URL}, "Encore cannot start: The environment variable DJANGO_SECRET_KEY is not set.\n"),
        (
            {"DJANGO_SECRET_KEY": KEY, "DATABASE_URL": "mysql://encore:hush@127.0.0.1/churn"},
            "Encore cannot start: DATABASE_URL is not of the form postgresql://user:password@host:5432/database.\n",
        ),
    ],
)
def test_a_wrong_environment_is_one_line(environment: dict[str, str], line: str) -> None:
    done = start("webportal/manage.py", "migrate", **environment)
    assert done.returncode == 1
    assert done.stderr == line


def test_an_unreachable_database_is_one_line_without_the_password() -> None:
    done = start("webportal/manage.py", "migrate", DATABASE_URL=URL, DJANGO_SECRET_KEY=KEY)
    assert done.returncode == 1
    assert done.stderr.startswith("Encore cannot reach Postgres at 127.0.0.1:1/churn: ")
    assert done.stderr.count("\n") == 1
    assert "hush" not in done.stderr
