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


@pytest.mark.parametrize(
    ("command", "place"), [("migrate", "127.0.0.1:2/owned"), ("database_roles", "127.0.0.1:2/owned"), ("check", "")]
)
def test_commands_that_change_tables_run_as_the_owner(command: str, place: str) -> None:
    owner = "postgresql://owner:hush@127.0.0.1:2/owned"
    done = start("webportal/manage.py", command, DATABASE_URL=URL, MIGRATE_DATABASE_URL=owner, DJANGO_SECRET_KEY=KEY)
    assert (f"cannot reach Postgres at {place}" in done.stderr) == bool(place)
