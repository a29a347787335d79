"""The worklist: who deserves a call, the queue, one's own tasks, what is done."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from webportal.accounts.models import DeskSettings, User
from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.customers.current_snapshot import current_snapshot
from webportal.customers.models import Snapshot
from webportal.desk import task_queue
from webportal.desk.forms import BulkForm
from webportal.desk.services.assignment import agents_of
from webportal.desk.services.tasks import leads
from webportal.desk.task_queue import Line
from webportal.desk.views.base import for_workers, worker_of

SUGGESTED, MOST_SUGGESTED = 25, 100

Lines = dict[str, list[Line]]


def _today(viewer: User, snapshot: Snapshot, wanted: int) -> Lines:
    due = task_queue.waiting().filter(due_on__lte=timezone.now().date())
    suggested = task_queue.suggested(viewer, snapshot, DeskSettings.current(), wanted)
    return {"waiting": task_queue.lines_of(viewer, snapshot, due), "suggested": suggested}


def _mine(viewer: User, snapshot: Snapshot, wanted: int) -> Lines:
    return {"tasks": task_queue.lines_of(viewer, snapshot, task_queue.mine(viewer))}


def _open(viewer: User, snapshot: Snapshot, wanted: int) -> Lines:
    return {"tasks": task_queue.lines_of(viewer, snapshot, task_queue.open_for_all(viewer))}


def _done(viewer: User, snapshot: Snapshot, wanted: int) -> Lines:
    return {"tasks": task_queue.lines_of(viewer, snapshot, task_queue.done_by(viewer))}


SHOWS: dict[str, Callable[[User, Snapshot, int], Lines]] = {
    "today": _today,
    "mine": _mine,
    "open": _open,
    "done": _done,
}


@require_safe
@for_workers
def worklist(request: HttpRequest) -> HttpResponse:
    """Show one of the lists, and the figures of the week."""
    snapshot, viewer = current_snapshot(request), worker_of(request)
    if snapshot is None:
        return render(request, "common/empty.html")
    show = request.GET.get("show", "today")
    show = show if show in SHOWS else "today"
    wanted = MOST_SUGGESTED if request.GET.get("more") else SUGGESTED
    lines = SHOWS[show](viewer, snapshot, wanted)
    numbers = [line.customer.customer_number for each in lines.values() for line in each]
    if numbers:
        record(Kind.SEARCHED, request=request, subjects=numbers, details={"worklist": show})
    context: dict[str, Any] = {**lines, "show": show, "week": task_queue.week_of(viewer), "leads": leads(viewer)}
    if leads(viewer) and show != "done" and numbers:
        context["bulk_form"] = BulkForm(agents=agents_of(viewer))
    context["more"] = wanted == SUGGESTED and len(lines.get("suggested", ())) == wanted
    context["cut"] = any(len(each) == task_queue.SHOWN for name, each in lines.items() if name != "suggested")
    return render(request, "desk/worklist.html", context)
