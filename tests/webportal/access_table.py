"""Who gets what at which address: a row for every address of the site, read by `test_access`.

Columns: the route, then for GET and for POST (an empty one) what happens to an anonymous visitor, an agent, a
supervisor, an analyst and an administrator. `/` is the landing page. The agent is in the supervisor's team.
signup/                                                        200   302   302   302   302   | 200   302   302   302   302
"""

TABLE = """
# route                                                        anon  agent super analy admin | anon  agent super analy admin
/                                                              login 200   200   200   200   | login 200   200   200   200
account/                                                       login 200   200   200   200   | login 200   200   200   200
account/confirm/                                               login 200   200   200   200   | login 200   200   200   200
account/confirm/code/                                          login 302   302   302   302   | login 302   302   302   302
account/password/                                              login 200   200   200   200   | login 200   200   200   200
account/recovery-codes/                                        login 404   404   404   404   | login 405   405   405   405
account/recovery-codes/new/                                    login 302   302   302   302   | login 302   302   302   302
account/second-factor/                                         login 200   200   200   200   | login 200   200   200   200
account/second-factor/off/                                     login 404   404   404   404   | login 404   404   404   404
account/second-factor/on/                                      login 302   302   302   302   | login 302   302   302   302
account/sessions/<int:session_id>/end/                         login 405   405   405   405   | login 404   404   404   404
account/sessions/end-others/                                   login 405   405   405   405   | login 302   302   302   302
admin/                                                         302   302   200   302   200   | 302   302   200   302   200
admin/<app_label>/                                             302   302   200   302   200   | 302   302   200   302   200
admin/<url>                                                    302   302   404   302   404   | 302   302   404   302   404
admin/accounts/desksettings/                                   login 302   403   302   302   | login 302   403   302   302
admin/accounts/desksettings/<path:object_id>/                  login 302   302   302   302   | login 302   302   302   302
admin/accounts/desksettings/<path:object_id>/change/           login 302   403   302   200   | login 302   403   302   200
admin/accounts/desksettings/<path:object_id>/delete/           login 302   403   302   403   | login 302   403   302   403
admin/accounts/desksettings/<path:object_id>/history/          login 302   403   302   200   | login 302   403   302   200
admin/accounts/desksettings/add/                               login 302   403   302   403   | login 302   403   302   403
admin/accounts/invitation/                                     login 302   200   302   200   | login 302   200   302   200
admin/accounts/invitation/<path:object_id>/                    login 302   302   302   302   | login 302   302   302   302
admin/accounts/invitation/<path:object_id>/change/             login 302   200   302   200   | login 302   403   302   403
admin/accounts/invitation/<path:object_id>/delete/             login 302   200   302   200   | login 302   200   302   200
admin/accounts/invitation/<path:object_id>/history/            login 302   200   302   200   | login 302   200   302   200
admin/accounts/invitation/add/                                 login 302   200   302   200   | login 302   200   302   200
admin/accounts/team/                                           login 302   403   302   200   | login 302   403   302   200
admin/accounts/team/<path:object_id>/                          login 302   302   302   302   | login 302   302   302   302
admin/accounts/team/<path:object_id>/change/                   login 302   403   302   200   | login 302   403   302   200
admin/accounts/team/<path:object_id>/delete/                   login 302   403   302   200   | login 302   403   302   200
admin/accounts/team/<path:object_id>/history/                  login 302   403   302   200   | login 302   403   302   200
admin/accounts/team/add/                                       login 302   403   302   200   | login 302   403   302   200
admin/accounts/user/                                           login 302   200   302   200   | login 302   200   302   200
admin/accounts/user/<id>/password/                             login 302   403   302   200   | login 302   403   302   200
admin/accounts/user/<path:object_id>/                          login 302   302   302   302   | login 302   302   302   302
admin/accounts/user/<path:object_id>/change/                   login 302   200   302   200   | login 302   302   302   200
admin/accounts/user/<path:object_id>/delete/                   login 302   403   302   200   | login 302   403   302   200
admin/accounts/user/<path:object_id>/history/                  login 302   200   302   200   | login 302   200   302   200
admin/accounts/user/add/                                       login 302   403   302   200   | login 302   403   302   200
admin/audit/auditevent/                                        login 302   403   302   200   | login 302   403   302   200
admin/audit/auditevent/export/                                 login 302   403   302   302   | login 302   403   302   302
admin/autocomplete/                                            302   302   403   302   403   | 302   302   405   302   405
admin/jsi18n/                                                  302   302   200   302   200   | 302   302   405   302   405
admin/login/                                                   login 403   403   403   403   | login 403   403   403   403
admin/logout/                                                  302   302   405   302   405   | 302   302   login 302   login
admin/password_change/                                         302   302   302   302   302   | 302   302   302   302   302
admin/password_change/done/                                    302   302   302   302   302   | 302   302   302   302   302
admin/privacy/erasedcustomer/                                  login 302   403   302   200   | login 302   403   302   200
admin/privacy/erasedcustomer/<path:object_id>/                 login 302   302   302   302   | login 302   302   302   302
admin/privacy/erasedcustomer/<path:object_id>/change/          login 302   403   302   200   | login 302   403   302   403
admin/privacy/erasedcustomer/<path:object_id>/delete/          login 302   403   302   403   | login 302   403   302   403
admin/privacy/erasedcustomer/<path:object_id>/history/         login 302   403   302   200   | login 302   403   302   200
admin/privacy/erasedcustomer/add/                              login 302   403   302   403   | login 302   403   302   403
admin/privacy/erasedcustomer/person/                           login 302   403   302   200   | login 302   403   302   200
admin/privacy/erasedcustomer/person/erase/                     login 302   403   302   302   | login 302   403   302   400
admin/privacy/erasedcustomer/person/export/                    login 302   403   302   302   | login 302   403   302   400
admin/r/<path:content_type_id>/<path:object_id>/               302   302   404   302   404   | 302   302   404   302   404
charts/app/<slug:ident>/                                       login 200   200   200   200   | login 200   200   200   200
charts/app/<slug:ident>/_dash-component-suites/<slug:component>/<resource> login 302   302   302   302   | login 302   302   302   302
charts/app/<slug:ident>/_dash-component-suites/<slug:component>/<slug:cpe2>/<resource> login 302   302   302   302   | login 302   302   302   302
charts/app/<slug:ident>/_dash-component-suites/<slug:component>/<slug:cpe2>/build/<resource> login 302   302   302   302   | login 302   302   302   302
charts/app/<slug:ident>/_dash-component-suites/<slug:component>/_components/<resource> login 302   302   302   302   | login 302   302   302   302
charts/app/<slug:ident>/_dash-dependencies                     login 200   200   200   200   | login 200   200   200   200
charts/app/<slug:ident>/_dash-layout                           login 200   200   200   200   | login 200   200   200   200
charts/app/<slug:ident>/_dash-update-component                 login 200   200   200   200   | login 200   200   200   200
charts/app/<slug:ident>/assets/<path:path>                     login 302   302   302   302   | login 302   302   302   302
customers/<path:number>/                                       login 200   200   404   200   | login 200   200   404   200
healthz                                                        200   200   200   200   200   | 200   200   200   200   200
invitation/                                                    410   410   410   410   410   | 410   410   410   410   410
invitation/<str:token>/                                        302   302   302   302   302   | 302   302   302   302   302
login/                                                         200   302   302   302   302   | 200   302   302   302   302
login/code/                                                    login 302   302   302   302   | login 302   302   302   302
logout/                                                        login 405   405   405   405   | login login login login login
password/                                                      200   200   200   200   200   | 200   200   200   200   200
password/<uidb36>-<key>/                                       200   200   200   200   200   | 200   200   200   200   200
password/saved/                                                200   200   200   200   200   | 405   405   405   405   405
password/sent/                                                 200   200   200   200   200   | 405   405   405   405   405
search/                                                        login 200   200   200   200   | login 200   200   200   200
signup/                                                        200   302   302   302   302   | 200   302   302   302   302
"""
