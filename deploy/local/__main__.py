"""The command line: `python -m deploy.local run|up|down|status|backup|restore|clean|programs`."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from deploy.local import services
from deploy.local import stack as stopping
from deploy.local.backup.create import backup
from deploy.local.backup.restore import restore
from deploy.local.console import LocalError, complain
from deploy.local.environment import execute, kept, prepare
from deploy.local.serving import serve
from deploy.local.settings import PROJECT_ROOT, Settings, resolve
from deploy.local.stack import up
from deploy.local.tools import PROGRAMS, ensure
from deploy.local.variables import Audience

_READER_LEFT = 128 + signal.SIGPIPE


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code; the user's mistakes end in one message."""
    options = _parser().parse_args(arguments)
    try:
        # the supervisor's children find their project where they are started
        root = Path.cwd() if options.action == "serve" else PROJECT_ROOT
        settings = resolve(os.environ, Path.cwd(), root)
        _forget_strangers(settings)
        return _dispatch(options, settings)
    except LocalError as error:
        complain(f"Encore: {error}")
    except PermissionError as error:
        complain(
            f"Encore: no permission for {error.filename}: was it made by another user? Run the command as that user, "
            "or set ENCORE_HOME to a folder of your own."
        )
    except BrokenPipeError:
        # whoever read us has enough, as `head` has; the interpreter's own flush at its end must not fail again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _READER_LEFT
    except OSError as error:
        complain(f"Encore: {error.strerror or error}: {error.filename or 'no file named'}. Is the disk full?")
    except KeyboardInterrupt:
        complain("\nEncore: interrupted. The same command goes on where it stopped.")
        return 130
    return 1


def _dispatch(options: argparse.Namespace, settings: Settings) -> int:
    with_code: dict[str, Callable[[], int]] = {
        "run": lambda: _run(options, settings),
        "up": lambda: up(settings),
        "status": lambda: 0 if stopping.status(settings) else 3,  # as service managers say "not running"
    }
    if options.action in with_code:
        return with_code[options.action]()
    if options.action == "serve":
        serve(options.name, settings)
    elif options.action == "down":
        stopping.down(settings)
    elif options.action == "backup":
        backup(settings, _folder(options.to, "make backup TO=/backups/monday"))
    elif options.action == "restore":
        source = _folder(options.source, "make restore FROM=/backups/monday")
        restore(settings, source, confirmed=options.confirm == "yes")
    elif options.action == "clean":
        stopping.clean(settings, confirmed=options.confirm == "yes")
    elif options.action == "programs":
        for name in options.names or PROGRAMS:
            ensure(PROGRAMS[name], settings.environ)
    return 0


def _forget_strangers(settings: Settings) -> None:
    """Drop variables of other projects from this very process, whose libraries would follow them (libpq, Java)."""
    wanted = kept(settings, Audience.BY_HAND, os.environ) | kept(settings, Audience.SUPERVISOR, os.environ)
    for name in set(os.environ) - set(wanted):
        del os.environ[name]


def _run(options: argparse.Namespace, settings: Settings) -> int:
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        raise LocalError("Say what to run: .venv/bin/python -m deploy.local run -- COMMAND ...")
    audience = Audience(options.audience)
    environ = prepare(
        settings,
        java=not options.no_java,
        postgres=not options.no_postgres,
        as_owner=options.as_owner,
        audience=audience,
    )
    return execute(settings, command, environ, stop_after=options.stop_after)


def _folder(text: str, example: str) -> Path:
    if not text:
        raise LocalError(f"Say which folder: {example}")
    return Path(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description="Run Encore on this machine.")
    actions = parser.add_subparsers(dest="action", required=True)
    run = actions.add_parser("run", help="run a command with everything it needs")
    run.add_argument("--stop-after", action="store_true", help="stop the embedded Postgres when the command has ended")
    run.add_argument("--no-java", action="store_true", help="the command needs no Java")
    run.add_argument("--no-postgres", action="store_true", help="the command needs no database")
    run.add_argument("--as-owner", action="store_true", help="the command does everything as the database's owner")
    run.add_argument(
        "--for",
        dest="audience",
        choices=[Audience.BY_HAND, Audience.PORTAL, Audience.PIPELINE],
        default=Audience.BY_HAND,
        help="whose variables and secrets the command gets (default: all)",
    )
    run.add_argument("command", nargs=argparse.REMAINDER, help="-- COMMAND ...")
    actions.add_parser("up", help="bring everything up")
    one = actions.add_parser("serve", help="become one server (the supervisor calls this)")
    one.add_argument("name", choices=[services.POSTGRES, *(service.name for service in services.SERVICES)])
    actions.add_parser("down", help="stop what `up` started")
    actions.add_parser("status", help="what runs and where")
    keep = actions.add_parser("backup", help="write Postgres and lake into a folder")
    keep.add_argument("--to", default="", help="the folder, which does not exist yet")
    bring = actions.add_parser("restore", help="put a backup into the place of Postgres and lake")
    bring.add_argument("--from", dest="source", default="", help="the backup's folder")
    bring.add_argument("--confirm", default="", help="yes, to really do it")
    clean = actions.add_parser("clean", help="delete ENCORE_HOME")
    clean.add_argument("--confirm", default="", help="yes, to really do it")
    programs = actions.add_parser("programs", help="install the programs that tests drive, where they are missing")
    programs.add_argument("names", nargs="*", choices=[*PROGRAMS, []], help="these alone")
    return parser


if __name__ == "__main__":
    sys.exit(main())
