"""Addresses of the desk."""

from django.urls import path

from webportal.desk.views import lists, notes, recording, working

app_name = "desk"

urlpatterns = [
    path("worklist/", lists.worklist, name="worklist"),
    path("worklist/next/", working.next_customer, name="next"),
    path("worklist/assign/", working.assign_many, name="assign"),
    path("worklist/tasks/<int:task_id>/take/", working.take, name="take"),
    path("worklist/tasks/<int:task_id>/release/", working.release, name="release"),
    path("worklist/tasks/<int:task_id>/close/", working.close, name="close"),
    path("desk/contacts/<int:contact_id>/", recording.correction, name="correct"),
    path("desk/contacts/<int:contact_id>/withdraw/", recording.withdraw, name="withdraw"),
    path("desk/notes/<int:note_id>/", notes.edit, name="edit_note"),
    path("desk/notes/<int:note_id>/withdraw/", notes.withdraw, name="withdraw_note"),
    path("desk/<customer:number>/claim/", working.claim, name="claim"),
    path("desk/<customer:number>/contact/", recording.contact, name="contact"),
    path("desk/<customer:number>/note/", notes.write, name="note"),
    path("desk/<customer:number>/task/", recording.task, name="task"),
]
