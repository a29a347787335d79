from tests.webportal.starting import KEY, URL, start


def test_a_wrong_environment_ends_gunicorn_for_good_with_one_line() -> None:
    done = start("-c", "import webportal.config.wsgi", DATABASE_URL=URL)
    assert done.returncode == 3
    assert done.stderr == "Encore cannot start: The environment variable DJANGO_SECRET_KEY is not set.\n"


def test_starts_without_asking_the_database() -> None:
    done = start(
        "-c",
        "from webportal.config import wsgi; print(callable(wsgi.application))",
        DATABASE_URL=URL,
        DJANGO_SECRET_KEY=KEY,
    )
    assert done.stdout.strip() == "True", done.stderr
