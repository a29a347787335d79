"""Addresses of the desk."""

from django.urls import path

from webportal.desk.views import contacts, notes, tasks, worklist

app_name = "desk"

urlpatterns = [
    path("worklist/", worklist.worklist, name="worklist"),
    path("worklist/next/", tasks.next_customer, name="next"),
    path("worklist/assign/", tasks.assign_many, name="assign"),
    path("worklist/tasks/<int:task_id>/take/", tasks.take, name="take"),
    path("worklist/tasks/<int:task_id>/release/", tasks.release, name="release"),
    path("worklist/tasks/<int:task_id>/close/", tasks.close, name="close"),
    path("desk/contacts/<int:contact_id>/", contacts.correction, name="correct"),
    path("desk/contacts/<int:contact_id>/withdraw/", contacts.withdraw, name="withdraw"),
    path("desk/notes/<int:note_id>/", notes.edit, name="edit_note"),
    path("desk/notes/<int:note_id>/withdraw/", notes.withdraw, name="withdraw_note"),
    path("desk/<customer:number>/claim/", tasks.claim, name="claim"),
    path("desk/<customer:number>/contact/", contacts.contact, name="contact"),
    path("desk/<customer:number>/note/", notes.write, name="note"),
    path("desk/<customer:number>/task/", contacts.task, name="task"),
]
