"""Claiming, giving back, closing, giving to others, and the button that leads to the next customer."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from webportal.accounts.models import DeskSettings, User
from webportal.customers.current_snapshot import current_snapshot
from webportal.customers.models import Snapshot
from webportal.desk import task_queue
from webportal.desk.errors import DeskRefusalError
from webportal.desk.forms import BulkForm
from webportal.desk.models import Task
from webportal.desk.services import tasks as service
from webportal.desk.services.assignment import Assigned, agents_of, assign
from webportal.desk.views.base import PANEL, for_workers, refusals_told, subject_of, to_customer, worker_of

MOST_AT_ONCE = 400
TRIED = 10
"""Suggestions that the button tries in turn, when others claim them at the same moment."""


@require_POST
@for_workers
def claim(request: HttpRequest, number: str) -> HttpResponse:
    """Take a customer from the worklist and open their page."""
    customer, _snapshot = subject_of(request, number)
    try:
        service.claim_customer(agent=worker_of(request), customer=customer)
    except DeskRefusalError as refusal:
        messages.error(request, refusal.words)
        return redirect("desk:worklist")
    return to_customer(number, PANEL)


@require_POST
@for_workers
def take(request: HttpRequest, task_id: int) -> HttpResponse:
    """Claim a task from the queue and open its customer's page."""
    task = _task(request, task_id)
    try:
        service.take(agent=worker_of(request), task=task)
    except DeskRefusalError as refusal:
        messages.error(request, refusal.words)
        return redirect("desk:worklist")
    return to_customer(task.customer_number, PANEL)


@require_POST
@for_workers
def release(request: HttpRequest, task_id: int) -> HttpResponse:
    """Give a task back."""
    return _change(request, task_id, lambda worker, task: service.release(agent=worker, task=task), _("Given back."))


@require_POST
@for_workers
def close(request: HttpRequest, task_id: int) -> HttpResponse:
    """Close a task without a contact."""
    return _change(request, task_id, lambda worker, task: service.close(by=worker, task=task), _("Closed."))


@require_POST
@for_workers
def assign_many(request: HttpRequest) -> HttpResponse:
    """Give chosen customers and tasks to somebody, or another day."""
    leader, snapshot = worker_of(request), current_snapshot(request)
    if not service.leads(leader):
        raise PermissionDenied
    if snapshot is None:
        raise Http404
    numbers = request.POST.getlist("number")[:MOST_AT_ONCE]
    ids = [int(each) for each in request.POST.getlist("task")[:MOST_AT_ONCE] if each.isdecimal() and len(each) < 19]
    form = BulkForm(request.POST, agents=agents_of(leader))
    if not numbers and not ids:
        messages.error(request, _("Nothing was chosen."))
    elif not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    else:
        to, due = form.cleaned_data.get("to"), form.cleaned_data["due_on"]
        done = assign(by=leader, snapshot=snapshot, numbers=numbers, task_ids=ids, to=to, due_on=due)
        messages.success(request, _told(done))
    return _back(request)


@require_POST
@for_workers
def next_customer(request: HttpRequest) -> HttpResponse:
    """Open the next customer: what one has to do today, then the queue, then the best of the worklist, claimed."""
    worker, snapshot = worker_of(request), current_snapshot(request)
    if snapshot is None:
        raise Http404
    number = _next(worker, snapshot, behind=request.POST.get("behind", ""))
    if number is None:
        messages.info(request, _("Nobody is left to call now."))
        return redirect("desk:worklist")
    return to_customer(number, PANEL)


def _next(worker: User, snapshot: Snapshot, behind: str) -> str | None:
    due = {"due_on__lte": timezone.now().date()}
    for line in task_queue.lines_of(
        worker, snapshot, task_queue.mine(worker).filter(**due).exclude(customer_number=behind)
    ):
        return line.customer.customer_number
    for line in task_queue.lines_of(
        worker, snapshot, task_queue.waiting().filter(**due).exclude(customer_number=behind)
    ):
        if line.task and _succeeds(lambda task=line.task: service.take(agent=worker, task=task)):  # type: ignore[misc] # a default binds it now
            return line.customer.customer_number
    for line in task_queue.suggested(worker, snapshot, DeskSettings.current(), TRIED):
        if _succeeds(lambda one=line.customer: service.claim_customer(agent=worker, customer=one)):  # type: ignore[misc] # as above
            return line.customer.customer_number
    return None


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except DeskRefusalError:  # somebody was faster: the next one will do
        return False
    return True


def _task(request: HttpRequest, task_id: int) -> Task:
    """Return the task, if its customer is one whom the user sees."""
    task = Task.objects.filter(pk=task_id).first()
    if task is None:
        raise Http404
    subject_of(request, task.customer_number)
    return task


def _change(request: HttpRequest, task_id: int, change: Callable[[User, Task], None], told: str) -> HttpResponse:
    task = _task(request, task_id)
    with refusals_told(request):
        change(worker_of(request), task)
        messages.success(request, told)
    return _back(request)


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """Lead back to the list that the form stood on; it names only one of ours."""
    show = request.POST.get("show", "")
    ours = show if show in ("mine", "open") else "today"
    return HttpResponseRedirect(f"{reverse('desk:worklist')}?show={ours}")


def _told(done: Assigned) -> str:
    given = done.made + done.changed
    told = ngettext("%(n)d task given.", "%(n)d tasks given.", given) % {"n": given}
    if not done.left_out:
        return told
    left = ngettext(
        "%(n)d left out: taken, held out or gone.", "%(n)d left out: taken, held out or gone.", done.left_out
    )
    return f"{told} {left % {'n': done.left_out}}"
